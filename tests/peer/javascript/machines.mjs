// Linodes with their disks, configurations, interfaces, addresses and backups; volumes, images, placement groups.

import { refused, retried, same, until } from "./patience.mjs";
import { linode } from "./watched.mjs";

export const [REGION, PASSWORD] = ["us-sea", "correct-Horse-9-battery"];
const running = (id) => until((each) => each.status === "running", () => linode.getLinode(id));
const offline = (id) => until((each) => each.status === "offline", () => linode.getLinode(id));
export const event = (action, id) =>
  until(
    (page) => page.data.some((each) => each.action === action && each.status === "finished"),
    () => linode.getEvents({}, { action, "entity.id": id, "+order_by": "created", "+order": "desc" }),
  );

/** A new Linode that runs. */
export async function machine(label, more = {}) {
  const image = { image: "linode/debian12", root_pass: PASSWORD };
  const made = await linode.createLinode({ type: "g6-standard-1", region: REGION, label, ...image, ...more });
  same([made.status, made.label, made.image], ["provisioning", label, "linode/debian12"]);
  return running(made.id);
}

export async function power(id) {
  await refused(() => linode.createLinode({ type: "g6-nanode-1", region: "nowhere", label: "js-no" }), "region is not valid");
  await linode.updateLinode(id, { label: "js-2", tags: ["blue"], alerts: { cpu: 80, network_in: 10, network_out: 10, transfer_quota: 80, io: 10000 } });
  await retried(() => linode.rebuildLinode(id, { image: "linode/debian12", root_pass: PASSWORD, booted: true }));
  await event("linode_rebuild", id);
  await running(id);
  await retried(() => linode.linodeReboot(id));
  await event("linode_reboot", id);
  await running(id);
  await retried(() => linode.linodeShutdown(id));
  await offline(id);
  await retried(() => linode.changeLinodePassword(id, PASSWORD));
  await retried(() => linode.resizeLinode(id, { type: "g6-standard-2", allow_auto_disk_resize: false }));
  await until((each) => each.type === "g6-standard-2", () => linode.getLinode(id));
  await offline(id);
  await retried(() => linode.linodeBoot(id));
  await running(id);
  await refused(() => linode.startMutation(id), "400");
  const [disk] = (await linode.getLinodeDisks(id)).data;
  await retried(() => linode.rescueLinode(id, { sda: { disk_id: disk.id } }));
  await event("linode_reboot", id);
  const copy = await retried(() => linode.cloneLinode(id, { region: REGION, type: "g6-standard-2", label: "js-copy" }));
  await event("linode_clone", id);
  await offline(copy.id);
  await retried(() => linode.scheduleOrQueueMigration(copy.id, { region: "us-iad" }));
  await until((each) => each.region === "us-iad", () => linode.getLinode(copy.id));
  await retried(() => linode.deleteLinode(copy.id));
}

export async function disks(id) {
  await retried(() => linode.linodeShutdown(id));
  await offline(id);
  const ready = (disk) => until((each) => each.status === "ready", () => linode.getLinodeDisk(id, disk.id));
  const given = { label: "data", size: 1024, image: "linode/alpine3.21", root_pass: PASSWORD };
  const disk = await retried(() => linode.createLinodeDisk(id, { ...given, filesystem: "ext4" }));
  await ready(disk);
  await retried(() => linode.updateLinodeDisk(id, disk.id, { label: "data-2" }));
  await retried(() => linode.resizeLinodeDisk(id, disk.id, 2048));
  await until((each) => each.size === 2048, () => linode.getLinodeDisk(id, disk.id));
  await retried(() => linode.changeLinodeDiskPassword(id, disk.id, PASSWORD));
  const copy = await retried(() => linode.cloneLinodeDisk(id, disk.id));
  await ready(copy);
  await retried(() => linode.deleteLinodeDisk(id, copy.id));
  const config = await retried(() => linode.createLinodeConfig(id, { label: "second", devices: { sda: { disk_id: disk.id } } }));
  await linode.updateLinodeConfig(id, config.id, { label: "third", comments: "changed" });
  const [vpc, lan] = [
    await linode.createVPC({ label: "js-net", region: REGION, subnets: [{ label: "front", ipv4: "10.0.4.0/24" }] }),
    await linode.appendConfigInterface(id, config.id, { purpose: "vlan", label: "lan", ipam_address: "10.0.0.5/24" }),
  ];
  const inner = await linode.appendConfigInterface(id, config.id, { purpose: "vpc", vpc_id: vpc.id, subnet_id: vpc.subnets[0].id });
  await linode.updateConfigInterface(id, config.id, inner.id, { primary: true });
  await linode.updateLinodeConfigOrder(id, config.id, { ids: [inner.id, lan.id] });
  same((await linode.getConfigInterfaces(id, config.id)).map((each) => each.id), [inner.id, lan.id], "order");
  return { disk, config, interface: inner, vpc };
}

export async function addresses(id) {
  const [one] = (await linode.getLinode(id)).ipv4;
  const inner = await linode.allocateIPAddress(id, { type: "ipv4", public: false });
  const second = await linode.allocateIp({ type: "ipv4", public: true, linode_id: id });
  await linode.removeIPAddress({ linodeID: id, address: second.address });
  await linode.removeIPAddress({ linodeID: id, address: inner.address });
  const range = await linode.createIPv6Range({ linode_id: id, prefix_length: 64 });
  await linode.updateIP(one, `${one.replaceAll(".", "-")}.ip.linodeusercontent.com`);
  const other = await machine("js-other");
  await linode.shareAddresses({ ips: [], linode_id: other.id });
  await linode.shareAddressesv4({ ips: [], linode_id: other.id });
  await linode.assignAddresses({ region: REGION, assignments: [{ address: one, linode_id: id }] });
  await linode.removeIPv6Range({ range: range.range.split("/")[0] });
  const kept = await linode.createIPv6Range({ linode_id: id, prefix_length: 64 });
  return { other, range: kept.range };
}

export async function own(vpc) {
  const made = await machine("js-own", {
    interface_generation: "linode",
    interfaces: [{ public: {}, default_route: { ipv4: true, ipv6: true }, firewall_id: -1 }],
  });
  await linode.linodeShutdown(made.id);
  await offline(made.id);
  const given = { vpc: { subnet_id: vpc.subnets[0].id }, firewall_id: -1, public: null, vlan: null, default_route: null };
  const inner = await retried(() => linode.createLinodeInterface(made.id, given));
  const lan = { vlan: { vlan_label: "lan", ipam_address: "10.0.0.6/24" }, public: null, vpc: null, default_route: null };
  const third = await retried(() => linode.createLinodeInterface(made.id, lan));
  await retried(() => linode.updateLinodeInterface(made.id, inner.id, { vpc: { subnet_id: vpc.subnets[0].id }, public: null, vlan: null }));
  await linode.updateLinodeInterfacesSettings(made.id, { network_helper: false });
  await retried(() => linode.deleteLinodeInterface(made.id, third.id));
  const old = await linode.createLinode({ type: "g6-nanode-1", region: REGION, label: "js-old", interface_generation: "legacy_config" });
  await offline(old.id);
  const config = await retried(() => linode.createLinodeConfig(old.id, { label: "only", devices: {} }));
  await retried(() => linode.upgradeToLinodeInterface(old.id, { config_id: config.id, dry_run: true }));
  await retried(() => linode.upgradeToLinodeInterface(old.id, { config_id: config.id, dry_run: false }));
  return { linode: made, interface: inner };
}

export async function backups(id) {
  await retried(() => linode.enableBackups(id));
  const snapshot = await retried(() => linode.takeSnapshot(id, "before"));
  await until((each) => each.snapshot.current?.status === "successful", () => linode.getLinodeBackups(id));
  const target = await linode.createLinode({ type: "g6-standard-2", region: REGION, label: "js-restored" });
  await offline(target.id);
  await retried(() => linode.restoreBackup(id, snapshot.id, target.id, true));
  await event("backups_restore", target.id);
  await retried(() => linode.deleteLinode(target.id));
}

export async function volumes(id, other) {
  const active = (volume) => until((each) => each.status === "active", () => linode.getVolume(volume.id));
  const volume = await linode.createVolume({ label: "js-data", size: 20, region: REGION, tags: ["disk"] });
  await active(volume);
  await retried(() => linode.attachVolume(volume.id, { linode_id: other.id, config_id: null }));
  await until((each) => each.linode_id === other.id, () => linode.getVolume(volume.id));
  await retried(() => linode.detachVolume(volume.id));
  await until((each) => each.linode_id === null, () => linode.getVolume(volume.id));
  await retried(() => linode.resizeVolume(volume.id, { size: 30 }));
  await active(volume);
  const copy = await retried(() => linode.cloneVolume(volume.id, { label: "js-data-copy" }));
  await active(copy);
  await linode.updateVolume(volume.id, { label: "js-data-2", tags: [] });
  await retried(() => linode.deleteVolume(copy.id));
  return volume;
}

export async function images(id, disk) {
  const image = await retried(() => linode.createImage({ disk_id: disk.id, label: "js-golden", description: "the first" }));
  await until((each) => each.status === "available", () => linode.getImage(image.id));
  await linode.updateImage(image.id, { label: "js-gold" });
  await linode.updateImageRegions(image.id, { regions: ["us-iad", REGION] });
  const upload = await linode.uploadImage({ label: "js-upload", region: REGION, cloud_init: false });
  await linode.deleteImage(upload.image.id);
  return image;
}

export async function groups(other) {
  const policies = { placement_group_type: "anti_affinity:local", placement_group_policy: "flexible" };
  const group = await linode.createPlacementGroup({ label: "js-apart", region: REGION, ...policies });
  await linode.updatePlacementGroup(group.id, { label: "js-apart-2" });
  await linode.assignLinodesToPlacementGroup(group.id, { linodes: [other.id] });
  await linode.unassignLinodesFromPlacementGroup(group.id, { linodes: [other.id] });
  const lock = await linode.createLock({ entity_id: other.id, entity_type: "linode", lock_type: "cannot_delete" });
  await refused(() => linode.deleteLinode(other.id), "lock");
  return { group, lock };
}
