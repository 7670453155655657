// Properties of an event of the plan as fields, and below an object those of its own.
import { useLayoutEffect, useRef } from "preact/hooks";
import { isList, MOST_NESTED, PROPERTY_TYPES, scalarOf } from "../../workers/domain/tracking-plan.ts";
import type { Failure } from "../state/api.ts";
import { blankProperty, type PropertyDraft, propertyPath } from "../state/plan-draft.ts";
import { errorAt, LinesInput, Switch, TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { SelectInput } from "../ui/select-input.tsx";

interface LimitsProps {
  property: PropertyDraft;
  path: string;
  errors: Failure["errors"];
  change: (part: Partial<PropertyDraft>) => void;
}

/** What of all values of the type is allowed. */
function Limits({ property, path, errors, change }: LimitsProps) {
  const scalar = scalarOf(property.type);
  const bound = (label: string, key: "min" | "max") => (
    <TextInput
      label={label}
      type="number"
      value={property[key]}
      onValue={(value) => change({ [key]: value })}
      error={errorAt(errors, `${path}.${key}`)}
    />
  );
  return (
    <>
      {(scalar === "number" || scalar === "integer") && (
        <>
          {bound("At least", "min")}
          {bound("At most", "max")}
        </>
      )}
      {scalar === "string" && (
        <TextInput
          label="Pattern"
          mono
          hint="RE2, for the whole text"
          value={property.pattern}
          onValue={(pattern) => change({ pattern })}
          error={errorAt(errors, `${path}.pattern`)}
        />
      )}
      {scalar !== "object" && scalar !== "date-time" && (
        <LinesInput
          label="Allowed values"
          rows={2}
          hint="One a line; none for any"
          value={property.values}
          onValue={(values) => change({ values })}
          error={errorAt(errors, `${path}.values`)}
        />
      )}
    </>
  );
}

interface PropertyProps {
  property: PropertyDraft;
  /** With the names above it, `items[].sku`; a word while it has none. */
  title: string;
  path: string;
  depth: number;
  errors: Failure["errors"];
  onChange: (property: PropertyDraft) => void;
  onRemove: () => void;
}

function PropertyFields({ property, title, path, depth, errors, onChange, onRemove }: PropertyProps) {
  const change = (part: Partial<PropertyDraft>) => onChange({ ...property, ...part });
  const ownErrors = errors.filter((error) => error.path === path || error.path === `${path}.properties`);
  return (
    <fieldset class="plan-property-form">
      <legend>{title}</legend>
      <div class="form-grid">
        <TextInput
          label="Name"
          mono
          required
          value={property.name}
          onValue={(name) => change({ name })}
          error={ownErrors[0]?.message}
        />
        <SelectInput
          label="Type"
          value={property.type}
          options={PROPERTY_TYPES}
          onValue={(type) => change({ type, min: "", max: "", pattern: "", values: "" })}
        />
        <Limits {...{ property, path, errors, change }} />
        <TextInput
          label="What it means"
          value={property.description}
          onValue={(description) => change({ description })}
          error={errorAt(errors, `${path}.description`)}
        />
      </div>
      <div class="plan-property-end">
        <Switch label="Required" hint="" checked={property.required} onChange={(required) => change({ required })} />
        <button type="button" class="icon-button" aria-label={`Remove property ${title}`} onClick={onRemove}>
          <Icon name="trash" />
        </button>
      </div>
      {scalarOf(property.type) === "object" && depth < MOST_NESTED && (
        <PlanPropertyList
          of={isList(property.type) ? `${title}[]` : title}
          path={path}
          depth={depth + 1}
          properties={property.properties}
          errors={errors}
          onChange={(properties) => change({ properties })}
        />
      )}
    </fieldset>
  );
}

interface ListProps {
  /** Whose they are; "" for the event's. */
  of: string;
  /** Of the one whose they are, in the words of the API's errors. */
  path: string;
  depth: number;
  properties: readonly PropertyDraft[];
  errors: Failure["errors"];
  onChange: (properties: PropertyDraft[]) => void;
}

export function PlanPropertyList({ of, path, depth, properties, errors, onChange }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  const toFocus = useRef<string | null>(null);
  // Whoever goes by keyboard goes on in the new one, and after a removal stays in the list.
  useLayoutEffect(() => {
    if (toFocus.current !== null) list.current?.querySelector<HTMLElement>(toFocus.current)?.focus();
    toFocus.current = null;
  }, [properties]);
  const add = () => {
    toFocus.current = ":scope > fieldset:last-of-type input";
    onChange([...properties, blankProperty()]);
  };
  const remove = (place: number) => {
    toFocus.current = ":scope > button";
    onChange(properties.toSpliced(place, 1));
  };
  return (
    <div class="plan-properties" ref={list}>
      {properties.map((property, i) => {
        const name = property.name || `Property ${i + 1}`;
        return (
          <PropertyFields
            key={i}
            property={property}
            title={of === "" ? name : `${of}.${name}`}
            path={propertyPath(path, property)}
            depth={depth}
            errors={errors}
            onChange={(changed) => onChange(properties.with(i, changed))}
            onRemove={() => remove(i)}
          />
        );
      })}
      <button type="button" class="button small" onClick={add}>
        <Icon name="plus" />
        {of === "" ? "Property" : `Property of ${of}`}
      </button>
    </div>
  );
}
