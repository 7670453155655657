// The team's members and the invitations that are open: invite, change the role, remove.
import { useState } from "preact/hooks";
import type { Role } from "../../workers/domain/access.ts";
import {
  changeRole,
  type Invitation,
  invite,
  loadInvitations,
  loadMembers,
  type Member,
  makeResetLink,
  removeMember,
  withdraw,
} from "../state/access.ts";
import { type Listed, mapReply, useListed } from "../state/listed.ts";
import { mayIn, session, teamName } from "../state/session.ts";
import { errorAt, Field } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { SecretLine } from "../ui/secret-line.tsx";

type NamedRole = Exclude<Role, "custom">;

const ROLES: [NamedRole, string][] = [
  ["viewer", "Viewer – sees the numbers"],
  ["analyst", "Analyst – also goals and share links"],
  ["admin", "Admin – also settings, keys and members"],
  ["owner", "Owner – also the team itself"],
];

/** Those that the reader may give: nobody makes an owner who is none. */
const rolesIn = (teamId: string) => ROLES.filter(([role]) => role !== "owner" || mayIn(teamId, "team"));

interface RoleSelectProps {
  teamId: string;
  id?: string;
  label?: string;
  role: Role;
  onChange: (role: NamedRole) => void;
  short?: boolean;
}

function RoleSelect({ teamId, id, label, role, onChange, short = false }: RoleSelectProps) {
  const roles = rolesIn(teamId);
  const isListed = roles.some(([one]) => one === role);
  return (
    <select
      id={id}
      class="input"
      aria-label={label}
      value={role}
      disabled={role === "owner" && !mayIn(teamId, "team")}
      onChange={(event) => {
        const chosen = roles.find(([one]) => one === event.currentTarget.value);
        if (chosen) onChange(chosen[0]);
      }}
    >
      {!isListed && <option value={role}>{role === "owner" ? "Owner" : "Custom"}</option>}
      {roles.map(([one, text]) => (
        <option key={one} value={one}>
          {short ? text.split(" – ")[0] : text}
        </option>
      ))}
    </select>
  );
}

interface Shown {
  link: string;
  email: string;
  why: "invited" | "mailed" | "reset";
}

const WHY: Record<Shown["why"], string> = {
  invited: "Hand this link to them; it works once, for a week, and is not shown again:",
  mailed: "The invitation was mailed. The same link, should it not arrive:",
  reset: "Hand this link to them; it sets a new password once, within an hour:",
};

function InviteForm({ teamId, list, onShown }: { teamId: string; list: Listed<Row>; onShown: (shown: Shown) => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<NamedRole>("viewer");
  const submit = async (event: Event) => {
    event.preventDefault();
    const made = await list.change(invite(teamId, { email: email.trim(), role }));
    if (!made) return;
    setEmail("");
    onShown({ link: made.value.link, email: made.value.email, why: made.value.mailed ? "mailed" : "invited" });
  };
  return (
    <form class="access-form" onSubmit={submit}>
      <Field label="E-mail" error={list.failure ? errorAt(list.failure.errors, "email") : undefined}>
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            type="email"
            required
            autocomplete="off"
            placeholder="ada@example.com"
            value={email}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Role">{({ id }) => <RoleSelect id={id} teamId={teamId} role={role} onChange={setRole} />}</Field>
      <button type="submit" class="button">
        <Icon name="plus" />
        Invite
      </button>
    </form>
  );
}

type Row = { kind: "member"; member: Member } | { kind: "invitation"; invitation: Invitation };

async function loadRows(teamId: string) {
  const [members, invitations] = await Promise.all([loadMembers(teamId), loadInvitations(teamId)]);
  if (!invitations.ok) return invitations;
  return mapReply(members, (value): Row[] => [
    ...value.members.map((member): Row => ({ kind: "member", member })),
    ...invitations.value.invitations.map((invitation): Row => ({ kind: "invitation", invitation })),
  ]);
}

interface RowProps {
  teamId: string;
  list: Listed<Row>;
  onShown: (shown: Shown) => void;
}

function MemberRow({ member, teamId, list, onShown }: RowProps & { member: Member }) {
  const isSelf = session.value.phase === "in" && session.value.session.person?.id === member.id;
  const { id, name, email } = member;
  const outOfReach = member.role === "owner" && !mayIn(teamId, "team");
  const reset = async () => {
    const made = await list.change(makeResetLink(teamId, id));
    if (made) onShown({ link: made.value.link, email, why: "reset" });
  };
  return (
    <li>
      <span class="access-who">
        <b>{name}</b> {isSelf && <span class="tag">you</span>}
        <span class="faint">{email}</span>
      </span>
      <RoleSelect
        short
        teamId={teamId}
        label={`Role of ${name}`}
        role={member.role}
        onChange={(role) => void list.change(changeRole(teamId, id, role))}
      />
      <button type="button" class="button small" disabled={outOfReach} onClick={() => void reset()}>
        Reset link
      </button>
      <button
        type="button"
        class="icon-button"
        disabled={outOfReach}
        aria-label={`Remove ${name} from the team`}
        onClick={() => confirm(`Remove ${name} from the team?`) && void list.change(removeMember(teamId, id))}
      >
        <Icon name="trash" />
      </button>
    </li>
  );
}

function InvitationRow({ invitation, teamId, list }: RowProps & { invitation: Invitation }) {
  return (
    <li>
      <span class="access-who">
        <b>{invitation.email}</b>
        <span class="faint">invited as {invitation.role}</span>
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={`Withdraw the invitation to ${invitation.email}`}
        onClick={() => void list.change(withdraw(teamId, invitation.id))}
      >
        <Icon name="trash" />
      </button>
    </li>
  );
}

export function MembersPanel({ teamId }: { teamId: string }) {
  const list = useListed(teamId, () => loadRows(teamId));
  const [shown, setShown] = useState<Shown | null>(null);
  const { items, failure } = list;
  return (
    <section class="panel form">
      <h2>Members</h2>
      <p>Who is in the team {teamName(teamId)} sees all its sites.</p>
      {failure && failure.errors.length === 0 && <Failed failure={failure} onRetry={() => void list.load()} />}
      {!items && !failure && <Skeleton lines={2} />}
      {items && items.length > 0 && (
        <ul class="access-list members">
          {items.map((row) =>
            row.kind === "member" ? (
              <MemberRow key={row.member.id} member={row.member} teamId={teamId} list={list} onShown={setShown} />
            ) : (
              <InvitationRow
                key={row.invitation.id}
                invitation={row.invitation}
                teamId={teamId}
                list={list}
                onShown={setShown}
              />
            ),
          )}
        </ul>
      )}
      {shown && (
        <SecretLine text={shown.link}>
          {shown.email}: {WHY[shown.why]}
        </SecretLine>
      )}
      <InviteForm teamId={teamId} list={list} onShown={setShown} />
    </section>
  );
}
