// The API for those who build on it: every operation of its document, folded until it is asked for.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Failure } from "../state/api.ts";
import { type ApiDocument, type Listed, loadDocument, mentions, operationsByTag } from "../state/api-document.ts";
import { counted } from "../state/format.ts";
import { Logo } from "../ui/icon.tsx";
import { useKeys } from "../ui/keys.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h4>{title}</h4>
      {children}
    </section>
  );
}

const Schema = ({ of }: { of: unknown }) => <pre>{JSON.stringify(of, null, 2)}</pre>;

function Details({ operation, document }: { operation: Listed; document: ApiDocument }) {
  const { parameters = [], requestBody, responses, description } = operation;
  const body = requestBody?.content["application/json"]?.schema;
  return (
    <div class="docs-details">
      {description && <p>{description}</p>}
      <p>
        Needs: <code>{operation["x-needs"]}</code>
      </p>
      {parameters.map(({ name, in: place, required, schema }) => (
        <Part key={name} title={`${name} (${place}${required ? "" : ", optional"})`}>
          <Schema of={schema} />
        </Part>
      ))}
      {body !== undefined && (
        <Part title="Body">
          <Schema of={body} />
        </Part>
      )}
      {Object.entries(responses).map(([status, { $ref, description: told, content = {} }]) => (
        <Part key={status} title={status}>
          <p>{told ?? document.components.responses[$ref?.split("/").at(-1) ?? ""]?.description}</p>
          {Object.entries(content).map(([type, { schema }]) => (
            <div key={type}>
              <code>{type}</code>
              <Schema of={schema} />
            </div>
          ))}
        </Part>
      ))}
    </div>
  );
}

function Operation({ operation, document }: { operation: Listed; document: ApiDocument }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <code class="docs-method">{operation.method}</code> <code>{operation.path}</code>{" "}
        <span class="docs-summary">{operation.summary}</span>
      </summary>
      {isOpen && <Details operation={operation} document={document} />}
    </details>
  );
}

function Search({ text, onText, found }: { text: string; onText: (text: string) => void; found: number }) {
  const input = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => input.current?.focus() });
  return (
    <search class="docs-search">
      <input
        ref={input}
        class="input"
        type="search"
        aria-label="Search the operations"
        placeholder="Search, for instance: share links   ( / )"
        value={text}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <span class="field-hint" role="status">
        {counted(found, "operation")}
      </span>
    </search>
  );
}

function Listing({ document: api }: { document: ApiDocument }) {
  const [text, setText] = useState("");
  const groups = operationsByTag(api)
    .map(([tag, operations]) => [tag, operations.filter((one) => mentions(one, text))] as const)
    .filter(([, operations]) => operations.length > 0);
  return (
    <>
      <p>
        {api.info.description} <a href="/api/v1/openapi.json">The document itself</a> is OpenAPI 3.1.
      </p>
      <Search text={text} onText={setText} found={groups.reduce((sum, [, operations]) => sum + operations.length, 0)} />
      {groups.length === 0 && <Empty title="Nothing is called that">Search by path, summary or name.</Empty>}
      {groups.map(([tag, operations]) => (
        <section key={tag}>
          <h2>{tag}</h2>
          {operations.map((operation) => (
            <Operation key={operation.operationId} operation={operation} document={api} />
          ))}
        </section>
      ))}
      {text === "" && (
        <section>
          <h2>Schemas</h2>
          {Object.entries(api.components.schemas).map(([name, schema]) => (
            <details key={name}>
              <summary>
                <code>{name}</code>
              </summary>
              <Schema of={schema} />
            </details>
          ))}
        </section>
      )}
    </>
  );
}

export function DocsPage() {
  const [api, setApi] = useState<ApiDocument | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = async () => {
    setFailure(null);
    const reply = await loadDocument();
    if (reply.ok) setApi(reply.value);
    else setFailure(reply.failure);
  };
  useEffect(() => {
    document.title = "API · Edgewise";
    void load();
    return () => {
      document.title = "Edgewise";
    };
  }, []);
  return (
    <main class="docs">
      <a class="brand" href="/" aria-label="Edgewise, all sites">
        <Logo />
        <span>Edgewise</span>
      </a>
      <h1>The Edgewise API</h1>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!failure && (api ? <Listing document={api} /> : <Skeleton lines={12} />)}
    </main>
  );
}
