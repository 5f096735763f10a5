// The vendor's JavaScript client over all families: what it can change is changed, and all that it can read is read.

import * as machines from "./machines.mjs";
import * as networks from "./networks.mjs";
import * as people from "./people.mjs";
import * as services from "./services.mjs";
import { closing } from "./closing.mjs";
import { judged, REFUSED, UNCALLED, unused } from "./judged.mjs";
import { readAll } from "./reads.mjs";
import { called, found, linode, NAMES, pointAt } from "./watched.mjs";

const [, , address, token] = process.argv;
pointAt(address, token);

const control = (path, body) =>
  fetch(`${address}/sandbox/${path}`, { method: "POST", headers: { Authorization: `Bearer ${token}` }, body: JSON.stringify(body) });

const first = async (page, key = "id") => (await page).data[0]?.[key];

async function write() {
  const main = await machines.machine("js-1");
  await machines.power(main.id);
  const made = await machines.disks(main.id);
  const { other, range } = await machines.addresses(main.id);
  const own = await machines.own(made.vpc);
  await machines.backups(main.id);
  return {
    main,
    ...made,
    other,
    range,
    own,
    volume: await machines.volumes(main.id, other),
    image: await machines.images(main.id, made.disk),
    ...(await machines.groups(other)),
    ...(await networks.domains()),
    ...(await networks.firewalls(other)),
    second: await networks.vpcs(),
    front: await networks.nodebalancers(other, made.vpc),
    ...(await services.clusters()),
    bases: await services.databases(),
    ...(await services.storage()),
  };
}

async function more(made) {
  const monitoring = await services.alerts(made.bases.mysql);
  const logs = await services.logs(made.bucket, made.key);
  const [account, profile] = [await people.account(), await people.profile()];
  const [desk, managed] = [await people.desk(made.other), await people.managed(made.other)];
  await control("advance", { seconds: 40 * 86400 });
  return { ...made, monitoring, logs, account, profile, desk, managed };
}

/** The values of parameters by name, and all those of the functions whose parameters say too little. */
async function values(made) {
  const { main, own, front, bases, bucket } = made;
  const of = {
    linodeId: main.id, linodeID: main.id, configId: made.config.id, diskId: made.disk.id, volumeId: made.volume.id,
    nodeBalancerId: front.balancer.id, engine: "mysql", databaseID: bases.mysql.id, serviceType: "dbaas", username: "js-ada",
    regionId: "us-sea", region: "us-sea", clusterID: made.cluster.id, clusterId: made.cluster.id, nodePoolID: made.pool.id,
    vpcID: made.second.vpc.id, subnetID: made.second.subnet.id, firewallID: made.firewall.id, deviceID: made.device.id,
    domainId: made.domain.id, recordId: made.record.id, invoiceId: await first(linode.getInvoices()),
    channelId: made.monitoring.channel.id, typeSlug: "g6-nanode-1", typeId: "g6-nanode-1", tokenId: made.profile.token.id,
    ticketId: made.desk.ticket.id, ticketID: made.desk.ticket.id, templateSlug: "public", stackscriptId: made.desk.stackscript.id,
    prefixListID: await first(linode.getFirewallPrefixLists()), placementGroupId: made.group.id, lockId: made.lock.id,
    kernelId: "linode/grub2", imageId: made.image.id, eventId: made.account.event.id, betaId: made.account.beta.id,
    engineSlug: "mysql/8", bucketName: bucket.label, keyId: made.profile.key.id, tier: "standard", streamId: made.logs.stream.id,
    destinationId: made.logs.destination.id, token: made.desk.transfer.token, type: "object-storage", collection: "quotas",
    ruleSetID: 1, loginId: 1, versionID: await first(linode.getKubernetesVersions()), networkLoadBalancerId: 1, listenerId: 1, vlanID: 1,
  };
  const quota = await first(linode.getQuotas("object-storage", "quotas"), "quota_id");
  const [storage, when] = [{ clusterId: "us-sea", bucket: bucket.label }, (await linode.getEvent(of.eventId)).created];
  const child = { euuid: await first(linode.getChildAccounts({}), "euuid") };
  await linode.updateChildAccountDelegates({ ...child, users: ["sandbox"] });
  await linode.generateChildAccountToken(child);
  await linode.createChildAccountPersonalAccessToken(child);
  return [of, {
    getObjectList: [{ ...storage, params: {} }], getObjectURL: ["us-sea", bucket.label, "hello.txt", "GET"],
    getObjectACL: [{ ...storage, params: { name: "hello.txt" } }], getBucket: ["us-sea", bucket.label],
    getSSLCert: ["us-sea", bucket.label], getBucketAccess: ["us-sea", bucket.label], getObjectStorageEndpoints: [{}],
    getQuota: ["object-storage", "quotas", quota], getQuotaUsage: ["object-storage", "quotas", quota],
    getNodeBalancerConfig: [front.balancer.id, front.config.id], getNodeBalancerConfigNodes: [front.balancer.id, front.config.id],
    getNodeBalancerConfigNodesBeta: [front.balancer.id, front.config.id],
    getNodeBalancerConfigNode: [front.balancer.id, front.config.id, front.node.id],
    getNodeBalancerConfigNodeBeta: [front.balancer.id, front.config.id, front.node.id],
    getNodeBalancerVPCConfigsBeta: [front.inner.id],
    getNodeBalancerVPCConfigBeta: [front.inner.id, await first(linode.getNodeBalancerVPCConfigsBeta(front.inner.id))],
    getLinodeBackups: [main.id], getLinodeIPs: [main.id], getIP: [main.ipv4[0]], getIPv6RangeInfo: [made.range.split("/")[0]],
    getConfigInterface: [main.id, made.config.id, made.interface.id], getLinodeInterfaces: [own.linode.id],
    getLinodeInterfacesHistory: [own.linode.id], getLinodeInterfacesSettings: [own.linode.id],
    getLinodeInterface: [own.linode.id, own.interface.id], getLinodeInterfaceFirewalls: [own.linode.id, own.interface.id],
    getLinodeStatsByDate: [main.id, when.slice(0, 4), when.slice(5, 7)], getLinodeTransferByDate: [main.id, when.slice(0, 4), when.slice(5, 7)],
    getDatabaseBackup: ["mysql", bases.mysql.id, 1], getDatabaseConnectionPools: [bases.postgresql.id],
    getDatabaseConnectionPool: [bases.postgresql.id, "web"], getPaymentMethod: [await first(linode.getPaymentMethods())],
    getChildAccount: [child], getChildAccounts: [{}], getChildAccountsIam: [{ users: true }], getChildAccountDelegates: [child],
    getDelegatedChildAccount: [child], getDelegatedChildAccountsForUser: [{ username: "js-ada" }], getMyDelegatedChildAccounts: [{}],
    getUserEntityPermissions: ["js-ada", "linode", main.id],
    getUserEntitiesByPermission: [{ username: "js-ada", entityType: "linode", permission: "view_linode" }],
    getOAuthClient: [made.account.app.id], getPersonalAccessToken: [made.profile.token.id], getAppToken: [1],
    getDashboardById: [await first(linode.getDashboards("dbaas"))], getNotificationChannelById: [made.monitoring.channel.id],
    getAlertDefinitionByServiceTypeAndId: ["dbaas", made.monitoring.alert.id], getJWEToken: [{ entity_ids: [bases.mysql.id] }, "dbaas"],
    getCredential: [made.managed.credential.id], getManagedContact: [made.managed.contact.id], getServiceMonitor: [made.managed.service.id],
    getKubernetesTieredVersion: ["standard", of.versionID], getProfile: [], getCloudNAT: [1], getNetworkLoadBalancerNodes: [{ networkLoadBalancerId: 1, listenerId: 1 }],
    getNetworkLoadBalancerNode: [{ networkLoadBalancerId: 1, listenerId: 1, nodeId: 1 }],
  }];
}

const made = await more(await write());
const [of, own] = await values(made);
const problems = [];
const refusals = await readAll(of, own);
for (const [name, message] of refusals) if (!REFUSED.has(name)) problems.push(`${name} is refused: ${message}`);
for (const name of REFUSED.keys()) if (!refusals.has(name)) problems.push(`${name} is not refused`);
await closing(made);
for (const [line, answer] of found) if (!judged(line)) problems.push(`${line}  <<  ${answer.slice(0, 300)}`);
problems.push(...unused());
for (const name of NAMES) if (!called.has(name) && !UNCALLED.has(name)) problems.push(`${name} is not called`);
if (problems.length > 0) {
  console.log(problems.join("\n"));
  process.exit(1);
}
console.log(`${called.size} functions called`);
console.log("the story is told");
