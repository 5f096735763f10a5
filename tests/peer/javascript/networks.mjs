// Domains, firewalls, VPCs, NodeBalancers.

import { REGION } from "./machines.mjs";
import { refused, same, until } from "./patience.mjs";
import { linode } from "./watched.mjs";

const RULE = { action: "ACCEPT", protocol: "TCP", ports: "22", label: "ssh", addresses: { ipv4: ["0.0.0.0/0"], ipv6: ["::/0"] } };
const RULES = { inbound: [RULE], inbound_policy: "DROP", outbound: [], outbound_policy: "ACCEPT" };

export async function domains() {
  const domain = await linode.createDomain({ domain: "js.example.org", type: "master", soa_email: "admin@example.org" });
  await refused(() => linode.createDomain({ domain: "js.example.org", type: "master", soa_email: "a@example.org" }), "");
  await linode.updateDomain(domain.id, { domain: "js.example.org", ttl_sec: 300, tags: ["zone"] });
  const record = await linode.createDomainRecord(domain.id, { type: "A", name: "www", target: "192.0.2.1" });
  await linode.createDomainRecord(domain.id, { type: "MX", name: "", target: "mail.example.org", priority: 10 });
  await linode.createDomainRecord(domain.id, { type: "TXT", name: "_acme-challenge", target: "token" });
  const srv = { type: "SRV", service: "sip", protocol: "tcp", target: "sip.example.org", port: 5060, priority: 1, weight: 1 };
  const other = await linode.createDomainRecord(domain.id, srv);
  await linode.updateDomainRecord(domain.id, record.id, { target: "192.0.2.2", ttl_sec: 300 });
  await linode.deleteDomainRecord(domain.id, other.id);
  const copy = await linode.cloneDomain(domain.id, { domain: "js-copy.example.org" });
  same((await linode.getDomainRecords(copy.id)).results, 3, "records");
  await linode.deleteDomain(copy.id);
  await refused(() => linode.importZone({ domain: "js-imported.example.org", remote_nameserver: "ns.example.org" }), "remote_nameserver");
  return { domain, record };
}

export async function firewalls(other) {
  const firewall = await linode.createFirewall({ label: "js-wall", rules: RULES, devices: { linodes: [other.id] } });
  await refused(() => linode.createFirewall({ label: "js-wall", rules: RULES }), "Label must be unique");
  await linode.updateFirewall(firewall.id, { tags: ["wall"] });
  await linode.updateFirewallRules(firewall.id, { ...RULES, inbound: [] });
  await linode.disableFirewall(firewall.id);
  await linode.enableFirewall(firewall.id);
  const [device] = (await linode.getFirewallDevices(firewall.id)).data;
  await linode.deleteFirewallDevice(firewall.id, device.id);
  const again = await linode.addFirewallDevice(firewall.id, { id: other.id, type: "linode" });
  await linode.updateFirewallSettings({ default_firewall_ids: { linode: firewall.id } });
  await linode.updateFirewallSettings({ default_firewall_ids: { linode: null } });
  return { firewall, device: again };
}

export async function vpcs() {
  const vpc = await linode.createVPC({ label: "js-second", region: "us-iad", description: "dual", ipv6: [{ range: "/52" }] });
  await linode.updateVPC(vpc.id, { description: "changed" });
  const subnet = await linode.createSubnet(vpc.id, { label: "back", ipv4: "10.0.8.0/24", ipv6: [{ range: "/56" }] });
  await linode.modifySubnet(vpc.id, subnet.id, { label: "back-2" });
  const given = { type: "g6-nanode-1", region: "us-iad", label: "js-inside", image: "linode/debian12", root_pass: "correct-Horse-9" };
  const inside = await linode.createLinode({ ...given, interfaces: [{ purpose: "vpc", vpc_id: vpc.id, subnet_id: subnet.id, primary: true }] });
  await until((each) => each.status === "running", () => linode.getLinode(inside.id));
  return { vpc, subnet };
}

export async function nodebalancers(other, vpc) {
  const address = (await linode.allocateIPAddress(other.id, { type: "ipv4", public: false })).address;
  const at = (port, label) => ({ address, port, label, weight: 50, mode: "accept" });
  const configs = [{ port: 80, protocol: "tcp", nodes: [at(80, "one")] }];
  const balancer = await linode.createNodeBalancer({ region: REGION, label: "js-balancer", configs });
  await linode.updateNodeBalancer(balancer.id, { label: "js-balancer-2", tags: ["front"] });
  const given = { port: 8080, protocol: "http", check: "http", check_path: "/", nodes: [at(79, "first")] };
  const config = await linode.createNodeBalancerConfig(balancer.id, given);
  const node = await linode.createNodeBalancerConfigNode(balancer.id, config.id, at(80, "two"));
  await linode.updateNodeBalancerConfigNode(balancer.id, config.id, node.id, { ...at(80, "two"), weight: 60 });
  await linode.updateNodeBalancerConfigNodeBeta(balancer.id, config.id, node.id, { ...at(80, "two"), weight: 70 });
  await linode.updateNodeBalancerConfig(balancer.id, config.id, { port: 8080, protocol: "http", algorithm: "leastconn", nodes: [] });
  const nodes = [at(81, "three")];
  await linode.rebuildNodeBalancerConfig(balancer.id, config.id, { port: 8081, protocol: "http", nodes });
  await linode.rebuildNodeBalancerConfigBeta(balancer.id, config.id, { port: 8082, protocol: "http", nodes });
  const second = await linode.createNodeBalancerConfigBeta(balancer.id, { port: 90, protocol: "tcp", nodes: [at(89, "last")] });
  const passing = await linode.createNodeBalancerConfigNodeBeta(balancer.id, second.id, at(90, "four"));
  await linode.deleteNodeBalancerConfigNode(balancer.id, second.id, passing.id);
  await linode.deleteNodeBalancerConfig(balancer.id, second.id);
  const vpcs = [{ subnet_id: vpc.subnets[0].id }];
  const inside = (await linode.getSubnet(vpc.id, vpc.subnets[0].id)).linodes[0];
  const there = (await linode.getVPCIPs(vpc.id)).data.find((each) => each.linode_id === inside.id).address;
  const within = [{ port: 80, protocol: "tcp", nodes: [{ ...at(80, "inner"), address: there, subnet_id: vpc.subnets[0].id }] }];
  const inner = await linode.createNodeBalancerBeta({ region: REGION, label: "js-inner", vpcs, configs: within });
  const [kept] = (await linode.getNodeBalancerConfigNodes(balancer.id, config.id)).data;
  const looked = () => linode.getNodeBalancerConfigNode(balancer.id, config.id, kept.id);
  await until((each) => each.status !== "Unknown", looked);
  return { balancer, config, node: kept, inner };
}
