// The fields of what comes in kinds, each with a form of its own, and what they come to.
import { useState } from "preact/hooks";
import type { FieldError } from "../../workers/domain/errors.ts";
import { draftOf, draftOfKept, type FormDraft, type FormSchema, valuesOf } from "../state/form-schema.ts";
import { errorAt, TextInput } from "./field.tsx";
import { SchemaFields } from "./schema-fields.tsx";
import { SelectInput } from "./select-input.tsx";

interface Kind {
  kind: string;
  label: string;
  about: string;
  schema: FormSchema;
}

interface Kept {
  kind: string;
  label: string;
  settings: Record<string, unknown>;
}

/** `kept`: what is there already, whose kind stays; null for a new one. There is one kind at least. */
export function useKindDraft(kinds: readonly Kind[], kept: Kept | null = null) {
  const kindOf = (name: string | undefined): Kind => kinds.find((one) => one.kind === name) ?? kinds[0]!;
  const [kind, setKind] = useState(() => kindOf(kept?.kind));
  const [draft, setDraft] = useState<FormDraft>(() =>
    kept ? draftOfKept(kind.schema, kept.settings) : draftOf(kind.schema),
  );
  const [label, setLabel] = useState(kept?.label ?? "");
  const choose = (name: string) => {
    setKind(kindOf(name));
    setDraft(draftOf(kindOf(name).schema));
  };
  const told = () => ({ label: label.trim() || kind.label, config: valuesOf(kind.schema, draft) });
  return { kinds, kind, draft, label, isKept: kept !== null, choose, setDraft, setLabel, told };
}

interface KindFieldsProps {
  of: ReturnType<typeof useKindDraft>;
  errors: readonly FieldError[];
}

export function KindFields({ of, errors }: KindFieldsProps) {
  const { kinds, kind, draft, label, isKept, choose, setDraft, setLabel } = of;
  return (
    <>
      {!isKept && (
        <SelectInput
          label="Kind"
          value={kind.kind}
          options={kinds.map((one) => one.kind)}
          text={(name) => kinds.find((one) => one.kind === name)?.label ?? name}
          onValue={choose}
        />
      )}
      <p class="faint">{kind.about}</p>
      <TextInput
        label="Name"
        placeholder={kind.label}
        value={label}
        onValue={setLabel}
        error={errorAt(errors, "label")}
      />
      <SchemaFields
        schema={kind.schema}
        draft={draft}
        onChange={setDraft}
        errors={errors}
        path="config"
        keeps={isKept}
      />
    </>
  );
}
