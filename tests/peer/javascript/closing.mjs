// All that was made is deleted.

import { retried, same } from "./patience.mjs";
import { linode } from "./watched.mjs";

export async function closing(made) {
  const { desk, managed, profile, account, logs, monitoring, front, bases } = made;
  await linode.deleteServiceMonitor(managed.service.id);
  await linode.deleteContact(managed.contact.id);
  await linode.deleteCredential(managed.credential.id);
  await linode.deleteLongviewClient(desk.watcher.id);
  await linode.cancelServiceTransfer(desk.transfer.token).catch(() => {});
  await linode.deleteStackScript(desk.stackscript.id);
  await linode.closeSupportTicket(desk.ticket.id);
  await linode.deletePersonalAccessToken(profile.token.id);
  await linode.deleteSSHKey(profile.key.id);
  await linode.deleteOAuthClient(account.app.id);
  await linode.deleteUser("js-ada");
  await linode.deleteStream(logs.stream.id);
  await linode.deleteDestination(logs.destination.id);
  await linode.deleteAlertDefinition("dbaas", monitoring.alert.id);
  await linode.deleteNotificationChannel(monitoring.channel.id);
  for (const [engine, each] of Object.entries(bases)) await linode.deleteDatabase(engine, each.id);
  await linode.revokeObjectStorageKey(made.key.id);
  await linode.deleteKubernetesCluster(made.cluster.id);
  for (const each of [front.balancer, front.inner]) await linode.deleteNodeBalancer(each.id);
  await linode.deleteFirewall(made.firewall.id);
  for (const each of (await linode.getDomains()).data) await linode.deleteDomain(each.id);
  await linode.deleteLock(made.lock.id);
  await linode.deletePlacementGroup(made.group.id);
  await linode.deleteImage(made.image.id);
  await retried(() => linode.deleteVolume(made.volume.id));
  await linode.cancelBackups(made.main.id);
  await linode.deleteLinodeConfigInterface(made.main.id, made.config.id, made.interface.id);
  await linode.deleteLinodeConfig(made.main.id, made.config.id);
  const left = async () => (await linode.getLinodes()).data;
  for (const each of await left()) await retried(() => linode.deleteLinode(each.id));
  for (const each of (await linode.getVPCs()).data) {
    for (const subnet of each.subnets) await retried(() => linode.deleteSubnet(each.id, subnet.id), "");
    await linode.deleteVPC(each.id);
  }
  same(await left(), [], "Linodes");
  await linode.cancelObjectStorage();
  await linode.cancelAccount({ comments: "the story ends" });
}
