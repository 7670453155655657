// The API for those who build on it: every operation of its document, folded until it is asked for.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Failure } from "../state/api.ts";
import { type ApiDocument, type Listed, loadDocument, operationsByTag } from "../state/api-document.ts";
import { Failed, Skeleton } from "../ui/notice.tsx";

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
        <code class="docs-method">{operation.method}</code> <code>{operation.path}</code>
        <span class="docs-summary">{operation.summary}</span>
      </summary>
      {isOpen && <Details operation={operation} document={document} />}
    </details>
  );
}

function Listing({ document: api }: { document: ApiDocument }) {
  return (
    <>
      <p>
        {api.info.description} <a href="/api/v1/openapi.json">The document itself</a> is OpenAPI 3.1.
      </p>
      {operationsByTag(api).map(([tag, operations]) => (
        <section key={tag}>
          <h2>{tag}</h2>
          {operations.map((operation) => (
            <Operation key={operation.operationId} operation={operation} document={api} />
          ))}
        </section>
      ))}
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
  }, []);
  return (
    <main class="docs">
      <h1>The Edgewise API</h1>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!failure && (api ? <Listing document={api} /> : <Skeleton lines={12} />)}
    </main>
  );
}
