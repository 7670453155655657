// Requests about users, each with its deadline, and its receipt to unfold and print.
import { formatDate, formatExact } from "../state/format.ts";
import { deadlineOf, type PrivacyRequest, type ReceiptLine } from "../state/privacy.ts";

const KIND_TEXT = { erasure: "Erasure", access: "Access" } as const;
const STATE_TEXT = { requested: "taken", found: "under way", done: "done" } as const;

const removedText = ({ removed }: ReceiptLine): string =>
  Object.entries(removed)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${formatExact(count)} ${what}`)
    .join(", ");

/** `rawEvents` as `raw events`. */
const wordsOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function Receipt({ request }: { request: PrivacyRequest }) {
  return (
    <details class="receipt">
      <summary>Receipt</summary>
      <p class="faint">
        Request {request.id}, made by {request.requestedBy} on {formatDate(request.requestedAt)}
        {request.doneAt !== null && `, done on ${formatDate(request.doneAt)}`}.
      </p>
      <dl>
        {request.receipt.map((line) => (
          <div key={line.store}>
            <dt>{wordsOf(line.store)}</dt>
            <dd>
              {removedText(line) && <b>{removedText(line)}. </b>}
              {line.note}
            </dd>
          </div>
        ))}
      </dl>
      <button type="button" class="button small" onClick={() => print()}>
        Print
      </button>
    </details>
  );
}

export function RequestList({ requests }: { requests: readonly PrivacyRequest[] }) {
  return (
    <ul class="requests">
      {requests.map((request) => {
        const { text, isNear } = deadlineOf(request, Date.now());
        return (
          <li key={request.id}>
            <p>
              <b>{KIND_TEXT[request.kind]}</b> of <code>{request.subject}</code> · {STATE_TEXT[request.state]}
              {text && <> · {isNear ? <strong class="field-error">{text}</strong> : text}</>}
            </p>
            <p class="faint">
              {request.reason} · {formatDate(request.requestedAt)}
            </p>
            {request.waits !== null && <p>{request.waits}</p>}
            {request.receipt.length > 0 && <Receipt request={request} />}
          </li>
        );
      })}
    </ul>
  );
}
