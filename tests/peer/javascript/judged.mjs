// Where the declared types are not what the API answers: each was compared with the API's document and recordings.

const of = (why, ...places) => places.map((place) => [new RegExp(place), why]);

const JUDGED = [
  ...of("the API answers {} and no object", "^(resizeLinodeDisk|changeLinodeDiskPassword|revokeObjectStorageKey|deleteBucket(WithRegion)?|deleteTag|deleteAlertDefinition|deleteNotificationChannel|patchDatabase): "),
  ...of("the API answers the object, not a page of one, or the other way round", "^(getNodeBalancerConfig|getNodeBalancerConfigNode(Beta)?|getFirewallRules): ", "^getCloudPulseServiceByServiceType: ", "^getOAuthClient: the answer"),
  ...of("recorded: status 204 without a body for a user without restrictions", "^(listGrants|getMyGrants): the answer"),
  ...of("recorded as null, or null in the document", "\\.(ipv4|ipv6|slaac|finished|ended|image_sharing|body|notes|class|nat_1_1|nat_1_1_address|ssl_cert|ssl_key|port|user|regions|interface_id|oldest_restore_time|ipam_address)(\\[\\])?: null is no", ": (ipv4|ipv6|finished|ended|body|notes|class|ssl_cert|ssl_key|image_sharing|regions|oldest_restore_time): null is no", "hosts\\.(secondary|standby): null is no", "transfer\\.(in|out|total): null is no"),
  ...of("words that the types do not have yet", "capabilities\\[\\]: ", "permissions\\[\\]: ", "\\.roles\\[\\]\\.name: ", "action: \"\\w+\" is no", "engine: \"valkey\"", "status: \"(resizing|updating|Unknown)\" is no"),
  ...of("recorded: the ID of an entity is what its path has, a text too", "entity\\.id: \""),
  ...of("recorded: the type of a channel of an alert", "alert_channels\\[\\]\\.type: \"alert-channels\""),
  ...of("the database platform that ended in 2025", "connection_strings: absent", "updates\\.week_of_month: absent"),
  ...of("the list of a NodeBalancer's configurations has no nodes", "NodeBalancerConfigs?(Beta)?: (data\\[\\]\\.)?nodes: absent"),
  ...of("members of the web client, in no document and no recording", "region_transfers: absent", "friendly_name: absent", "widgets\\[\\]\\.(filters|entity_ids|namespace_id|region_id|service_?[tT]ype|time_duration|time_granularity): absent", "time_duration: absent", "getCloudPulseServiceTypes: data\\[\\]\\.regions: absent", "(^|\\.)add_(kubernetes|lkes): absent", "lkecluster: absent", "(getVlans): data\\[\\]\\.(id|cidr_block|linodes\\[\\])"),
  ...of("the document of alerts has neither tags nor a status of channels; entity_ids stand in the lists of services", "^(create|edit|get)AlertDefinitions?\\w*: (data\\[\\]\\.)?(tags|entity_ids|has_more_resources): absent", "NotificationChannels?(ById)?: (data\\[\\]\\.)?status: absent"),
  ...of("recorded without it, and in the document of IPv6 alone", "VPCs?IPs: data\\[\\]\\.ipv6_(addresses|is_public|range): absent", "getIPs: data\\[\\]\\.interface_id: absent", "getLinodeIPs: ipv6\\.\\w+\\.interface_id: absent", "getImages: data\\[\\]\\.total_size: absent"),
  ...of("a number in the document", "slaac\\[\\]\\.prefix: 64", "version: \\d is no string", "apps\\.\\w+: 0 is no"),
  ...of("JSON has no dates", "^getTFAToken: expiry"),
];
const used = new Set();

/** Whether the difference in *line* is the types' own. */
export function judged(line) {
  const found = JUDGED.filter(([place]) => place.test(line));
  found.forEach(([place]) => used.add(place));
  return found.length > 0;
}

/** The judgements that no difference needed. */
export const unused = () => JUDGED.filter(([place]) => !used.has(place)).map(([place]) => `not needed: ${place}`);

/** Reads that the API refuses here: of what it does not publish, of former platforms, of what nobody has. */
export const REFUSED = new Map([
  ["getAccountLogin", "nobody has logged in"],
  ["getAppToken", "no application has asked for one"],
  ["getClientToken", "the web client's alone"],
  ["getCloudNAT", "the web client's alone"],
  ["getCloudNATs", "the web client's alone"],
  ["getDatabaseBackup", "the former platform of databases"],
  ["getDatabaseBackups", "the former platform of databases"],
  ["getDeprecatedLinodeTypes", "the web client's alone"],
  ["getFirewallRuleSet", "there is none"],
  ["getLinodeLish", "the web client's alone"],
  ["getNetworkLoadBalancer", "not published"],
  ["getNetworkLoadBalancerListener", "not published"],
  ["getNetworkLoadBalancerListeners", "not published"],
  ["getNetworkLoadBalancerNode", "not published"],
  ["getNetworkLoadBalancerNodes", "not published"],
  ["getNetworkLoadBalancers", "not published"],
  ["getPaymentMethod", "the client misspells the path"],
  ["getUserEntitiesByPermission", "the web client's alone"],
  ["getVlan", "the web client's alone"],
  ["getVolumesMigrationQueue", "the web client's alone"],
]);

/** Functions that are not called. */
export const UNCALLED = new Set([
  ...["baseRequest", "convertYupToLinodeErrors", "isEmpty", "setToken"], // they send nothing of their own
  ...["markEventRead", "legacyRestoreWithBackup"], // operations that ended in 2025
  ...["createCloudNAT", "updateCloudNAT", "deleteCloudNAT", "addEntityToAlert", "deleteEntityFromAlert"], // not published
  ...["updateServiceAlerts", "rescueMetalLinode", "createPartnerReferral", "migrateVolumes"], // not published
  ...["deleteAppToken", "deleteTrustedDevice"], // a person has to log in first
]);
