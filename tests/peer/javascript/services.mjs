// Clusters, databases, object storage, alerts, logs.

import { REGION } from "./machines.mjs";
import { refused, retried, same, until } from "./patience.mjs";
import { linode } from "./watched.mjs";

export async function clusters() {
  const [version] = (await linode.getKubernetesVersions()).data;
  const cluster = await linode.createKubernetesCluster({
    label: "js-kube",
    region: REGION,
    k8s_version: version.id,
    node_pools: [{ type: "g6-standard-1", count: 2 }],
  });
  await retried(() => linode.getKubeConfig(cluster.id), "not yet available");
  await linode.updateKubernetesCluster(cluster.id, { label: "js-kube-2", tags: ["kube"] });
  const pool = await linode.createNodePool(cluster.id, { type: "g6-standard-2", count: 1 });
  await linode.updateNodePool(cluster.id, pool.id, { count: 2 });
  const ready = (each) => each.nodes.length === 2 && each.nodes.every((node) => node.status === "ready");
  const grown = await until(ready, () => linode.getNodePool(cluster.id, pool.id));
  await linode.recycleNode(cluster.id, grown.nodes[0].id);
  await linode.recycleAllNodes(cluster.id, pool.id);
  await linode.recycleClusterNodes(cluster.id);
  await linode.resetKubeConfig(cluster.id);
  const acl = { enabled: true, addresses: { ipv4: ["192.0.2.1"], ipv6: ["2001:db8::/32"] } };
  await linode.updateKubernetesClusterControlPlaneACL(cluster.id, { acl });
  const first = (await linode.getNodePools(cluster.id)).data[0];
  await linode.deleteNodePool(cluster.id, pool.id);
  return { cluster, pool: first };
}

export async function databases() {
  const given = { region: REGION, type: "g6-nanode-1", cluster_size: 1, allow_list: [] };
  const mysql = await linode.createDatabase("mysql", { label: "js-store", engine: "mysql/8", ...given });
  const wide = { ...given, type: "g6-dedicated-2", cluster_size: 2 };
  const postgresql = await linode.createDatabase("postgresql", { label: "js-facts", engine: "postgresql/16", ...wide });
  const is = (status, engine, each) => until((seen) => seen.status === status, () => linode.getEngineDatabase(engine, each.id));
  await is("active", "mysql", mysql);
  await linode.updateDatabase("mysql", mysql.id, { label: "js-store-2", allow_list: ["192.0.2.1"] });
  const before = (await linode.getDatabaseCredentials("mysql", mysql.id)).password;
  await linode.resetDatabaseCredentials("mysql", mysql.id);
  same((await linode.getDatabaseCredentials("mysql", mysql.id)).password !== before, true, "another password");
  await linode.patchDatabase("mysql", mysql.id);
  await is("active", "mysql", mysql);
  await linode.suspendDatabase("mysql", mysql.id);
  await refused(() => linode.patchDatabase("mysql", mysql.id), "active");
  await linode.resumeDatabase("mysql", mysql.id);
  await is("active", "mysql", mysql);
  await is("active", "postgresql", postgresql);
  const pool = { label: "web", mode: "session", size: 5, database: "defaultdb", username: null };
  await linode.createDatabaseConnectionPool(postgresql.id, pool);
  await linode.updateDatabaseConnectionPool(postgresql.id, "web", { ...pool, mode: "transaction", label: undefined });
  await linode.createDatabaseConnectionPool(postgresql.id, { ...pool, label: "more" });
  await linode.deleteDatabaseConnectionPool(postgresql.id, "more");
  const fork = { source: mysql.id, restore_time: (await linode.getEngineDatabase("mysql", mysql.id)).updated };
  const copy = await linode.restoreWithBackup("mysql", { fork, region: REGION });
  await is("active", "mysql", copy);
  await linode.deleteDatabase("mysql", copy.id);
  return { mysql, postgresql };
}

export async function storage() {
  const bucket = await linode.createBucket({ label: "js-bucket", region: REGION });
  await linode.createBucket({ label: "js-old-bucket", cluster: "us-sea-1" });
  const url = (name, method) => linode.getObjectURL(REGION, bucket.label, name, method, { content_type: "text/plain" });
  const { url: place } = await url("hello.txt", "PUT");
  same((await fetch(place, { method: "PUT", body: "hello", headers: { "Content-Type": "text/plain" } })).status, 200, "PUT");
  await linode.updateObjectACL(REGION, bucket.label, "hello.txt", "public-read");
  await linode.updateBucketAccess(REGION, bucket.label, { acl: "public-read", cors_enabled: false });
  const key = await linode.createObjectStorageKeys({ label: "js-key", bucket_access: null, regions: [REGION] });
  await linode.updateObjectStorageKey(key.id, { label: "js-key-2", regions: [REGION, "us-iad"] });
  const access = [{ bucket_name: bucket.label, permissions: "read_only", region: REGION }];
  const passing = await linode.createObjectStorageKeys({ label: "js-passing", bucket_access: access });
  await linode.revokeObjectStorageKey(passing.id);
  await linode.createBucket({ label: "js-older-bucket", cluster: "us-sea-1" });
  await linode.deleteBucket({ cluster: "us-sea-1", label: "js-older-bucket" });
  const pem = (kind) => `-----BEGIN ${kind}-----\nno\n-----END ${kind}-----`;
  const keys = { certificate: pem("CERTIFICATE"), private_key: pem("PRIVATE KEY") };
  await linode.uploadSSLCert(REGION, bucket.label, keys);
  await linode.deleteSSLCert(REGION, bucket.label);
  await linode.deleteBucketWithRegion({ region: REGION, label: "js-old-bucket" });
  return { bucket, key };
}

export async function alerts(database) {
  const [channel] = (await linode.getNotificationChannels()).data;
  const rule = { aggregate_function: "avg", metric: "memory_usage", operator: "gt", threshold: 90, dimension_filters: [] };
  const times = { polling_interval_seconds: 300, evaluation_period_seconds: 300, trigger_occurrences: 1 };
  const alert = await linode.createAlertDefinition(
    {
      label: "js-memory",
      severity: 1,
      channel_ids: [channel.id],
      rule_criteria: { rules: [rule] },
      trigger_conditions: { criteria_condition: "ALL", ...times },
      entity_ids: [String(database.id)],
    },
    "dbaas",
  );
  await linode.editAlertDefinition({ label: "js-memory-2" }, "dbaas", alert.id);
  const details = { email: { usernames: ["sandbox"] } };
  const mine = await linode.createNotificationChannel({ label: "js-channel", channel_type: "email", details });
  await linode.updateNotificationChannel(mine.id, { label: "js-channel-2", details });
  await linode.getJWEToken({ entity_ids: [database.id] }, "dbaas");
  return { alert, channel: mine };
}

export async function logs(bucket, key) {
  const details = { host: bucket.hostname, bucket_name: bucket.label, access_key_id: key.access_key, access_key_secret: key.secret_key, path: "logs/" };
  const given = { label: "js-logs", type: "akamai_object_storage", details };
  await refused(() => linode.verifyDestination(given), "405"); // no published operation: the web client's own
  const destination = await linode.createDestination(given);
  await linode.updateDestination(destination.id, { label: "js-logs-2", details });
  const stream = await linode.createStream({ label: "js-stream", type: "audit_logs", destinations: [destination.id], details: null });
  const changed = { label: "js-stream-2", destinations: [destination.id], details: null, status: "active" };
  await retried(() => linode.updateStream(stream.id, changed), "at this time"); // it is provisioning
  return { destination, stream };
}
