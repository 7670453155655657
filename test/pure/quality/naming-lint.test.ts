import { describe, expect, it } from "vitest";
import { editDistance } from "../../../workers/quality/edit-distance.ts";
import { isNearDuplicate, lintNames } from "../../../workers/quality/naming-lint.ts";

describe("names of events", () => {
  it.each([
    ["order_completed", null],
    ["file_upload_started", null],
    ["message_sent", null],
    ["pageview", null],
    ["web_vital", null],
    ["OrderCompleted", "order_completed"],
    ["order-completed", "order_completed"],
    ["Order Completed", "order_completed"],
    ["order_complete", "order_completed"],
    ["form_submit", "form_submitted"],
    ["mail_send", "mail_sent"],
    ["card_try", "card_tried"],
    ["click_button", "button_clicked"],
    ["clicked_button", "button_clicked"],
    ["signup", null],
    ["sign_up", null],
    ["log_in_user", null],
  ])("%s would be %s by object and action", (name, suggestion) => {
    expect(lintNames([name], "object_action")[0]?.suggestion ?? null).toBe(suggestion);
  });

  it("need an object and an action by that convention, and no more than a style by the others", () => {
    expect(lintNames(["signup"], "object_action")).toMatchObject([{ rule: "action", suggestion: null }]);
    expect(lintNames(["signup", "click_button"], "snake_case")).toEqual([]);
    expect(lintNames(["orderCompleted"], "camelCase")).toEqual([]);
    expect(lintNames(["order_completed"], "camelCase")).toMatchObject([{ suggestion: "orderCompleted" }]);
    expect(lintNames(["Anything goes!"], "any")).toEqual([]);
  });

  it.each([
    ["sign_up", "signup"],
    ["signup", "user_signed_up"],
    ["sign_up", "user_signed_up"],
    ["order_completed", "orderCompleted"],
    ["order_completed", "completed_order"],
    ["subscription_created", "subscriptions_created"],
    ["message_recieved", "message_received"],
    ["payment_succeeded", "payment_suceeded"],
    ["item_bought", "item_buy"],
  ])("%s is near %s", (a, b) => {
    expect(isNearDuplicate(a, b)).toBe(true);
  });

  it.each([
    ["agent_created", "agent_deleted"],
    ["step_1", "step_2"],
    ["order_placed", "order_shipped"],
    ["message_sent", "message_received"],
    ["cart_opened", "card_opened"],
    ["video_started", "video_stopped"],
    ["user_invited", "user_signed_up"],
    ["feature_viewed", "feature_used"],
  ])("%s is not near %s", (a, b) => {
    expect(isNearDuplicate(a, b)).toBe(false);
  });

  it("are compared with those that are known besides, each pair once", () => {
    expect(lintNames(["sign_up", "signup"], "any")).toHaveLength(1);
    expect(lintNames(["cart_opened"], "any", ["opened_cart", "cart_opened"])).toMatchObject([
      { suggestion: "opened_cart" },
    ]);
  });
});

it("the distance of two texts counts insertions, removals, replacements and swaps", () => {
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(editDistance("ca", "abc")).toBe(3);
  expect(editDistance("recieve", "receive")).toBe(1);
  expect(editDistance("", "abc")).toBe(3);
});
