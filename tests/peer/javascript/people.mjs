// The account, its users and what they pay; the profile; tickets, tags, StackScripts, Longview, Managed.

import { refused, retried, same, until } from "./patience.mjs";
import { linode } from "./watched.mjs";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl js@example.com";
const CARD = { card_number: "4111111111111111", cvv: "123", expiry_month: 12, expiry_year: new Date().getFullYear() + 5 };
export async function account() {
  await linode.updateAccountInfo({ company: "Example", zip: "19102" });
  await linode.updateAccountSettings({ network_helper: true, maintenance_policy: "linode/migrate" });
  await linode.signAgreement({ eu_model: true });
  await linode.addPaymentMethod({ type: "credit_card", is_default: true, data: CARD });
  await linode.addPaymentMethod({ type: "credit_card", is_default: false, data: { ...CARD, card_number: "5555555555554444" } });
  const [first, second] = (await linode.getPaymentMethods()).data;
  await linode.makeDefaultPaymentMethod(second.id);
  await linode.makePayment({ usd: "10.00", cvv: "123", payment_method_id: second.id });
  await linode.deletePaymentMethod(first.id);
  await linode.saveCreditCard(CARD);
  await refused(() => linode.addPromotion("abcdefghijklmnopqrstuvwxyz"), "");
  const [beta] = (await linode.getBetas()).data;
  await linode.enrollInBeta({ id: beta.id });
  await linode.createUser({ username: "js-ada", email: "ada@example.com", restricted: true });
  await linode.updateUser("js-ada", { username: "js-ada", restricted: true });
  const grants = await linode.getGrants("js-ada");
  await linode.updateGrants("js-ada", { global: { ...grants.global, add_linodes: true } });
  await linode.updateDefaultDelegationAccess(await linode.getDefaultDelegationAccess());
  const roles = await linode.getUserRoles("js-ada");
  await linode.updateUserRoles("js-ada", { ...roles, account_access: ["account_linode_creator"] });
  const app = await linode.createOAuthClient({ label: "js-app", redirect_uri: "https://app.example.com/back" });
  await linode.updateOAuthClient(app.id, { label: "js-app-2", redirect_uri: "https://app.example.com/again" });
  await linode.resetOAuthClientSecret(app.id);
  const [event] = (await linode.getEvents()).data;
  await linode.markEventSeen(event.id);
  return { app, beta, event };
}

export async function profile() {
  await linode.updateProfile({ timezone: "Europe/Berlin" });
  await linode.updateUserPreferences({ sortKeys: { linodes: { order: "asc" } } });
  const key = await linode.createSSHKey({ label: "js-laptop", ssh_key: KEY });
  await linode.updateSSHKey(key.id, { label: "js-desktop" });
  const token = await linode.createPersonalAccessToken({ label: "js-ci", scopes: "linodes:read_only", expiry: "2999-12-12T05:00:00" });
  await linode.updatePersonalAccessToken(token.id, { label: "js-ci-2" });
  const { security_questions: asked } = await linode.getSecurityQuestions();
  const answers = asked.slice(0, 3).map((each) => ({ question_id: each.id, response: "an answer" }));
  await linode.updateSecurityQuestions({ security_questions: answers });
  await linode.sendCodeToPhoneNumber({ iso_code: "US", phone_number: "2025550123" });
  await linode.verifyPhoneNumberCode({ otp_code: "550123" });
  await linode.smsOptOut();
  const { secret } = await linode.getTFAToken();
  same(typeof secret, "string", "secret");
  await refused(() => linode.confirmTwoFactor("000000"), "");
  await linode.disableTwoFactor();
  return { key, token };
}

export async function desk(other) {
  const ticket = await linode.createSupportTicket({ summary: "Help", description: "It is slow", linode_id: other.id });
  await linode.createReply({ ticket_id: ticket.id, description: "It is fast again" });
  const form = new FormData();
  form.append("file", new Blob(["a line"]), "log.txt");
  await linode.uploadAttachment(ticket.id, form);
  await linode.createTag({ label: "js-green", linodes: [other.id] });
  await linode.deleteTag("js-green");
  const script = { label: "js-script", script: "#!/bin/bash\necho", images: ["any/all"], description: "", is_public: false };
  const stackscript = await linode.createStackScript({ ...script, rev_note: "first" });
  await linode.updateStackScript(stackscript.id, { ...script, rev_note: "second" });
  const going = await linode.createLinode({ type: "g6-nanode-1", region: "us-sea", label: "js-going" });
  await until((each) => each.status === "offline", () => linode.getLinode(going.id));
  const transfer = await retried(() => linode.createServiceTransfer({ entities: { linodes: [going.id] } }));
  await refused(() => linode.acceptServiceTransfer(transfer.token), "");
  const watcher = await linode.createLongviewClient("js-watcher");
  await linode.updateLongviewClient(watcher.id, "js-watcher-2");
  await linode.updateActiveLongviewPlan({ longview_subscription: "longview-3" });
  return { ticket, stackscript, transfer, watcher };
}

export async function managed(other) {
  await linode.enableManaged();
  const credential = await linode.createCredential({ label: "js-root", username: "root", password: "secret-1" });
  await linode.updateCredential(credential.id, { label: "js-root-2" });
  await linode.updatePassword(credential.id, { username: "root", password: "secret-2" });
  const contact = await linode.createContact({ name: "Ada", email: "ada@example.com", group: "ops" });
  await linode.updateContact(contact.id, { name: "Ada L.", email: "ada@example.com" });
  const given = { label: "js-site", service_type: "url", address: "https://example.com", timeout: 10 };
  const service = await linode.createServiceMonitor({ ...given, consultation_group: "ops", credentials: [] });
  await linode.updateServiceMonitor(service.id, { ...given, notes: "the shop" });
  await linode.disableServiceMonitor(service.id);
  await linode.enableServiceMonitor(service.id);
  await linode.updateLinodeSettings(other.id, { ssh: { access: true, user: "root", port: 22, ip: "any" } });
  return { credential, contact, service };
}
