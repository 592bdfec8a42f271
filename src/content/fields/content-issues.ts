import { z } from 'zod';
import { checked } from '../../core/checked.ts';
import { type Issue, pathTo } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';
import { fileNameIssue } from '../message/attachment.ts';
import { type ContentPolicy, shownLinkIssue } from '../policy/policy.ts';
import { type Budget, openBudget } from '../policy/step-budget.ts';
import { linkIssue } from '../text/link.ts';
import { widgetTextIssue } from '../text/widget-text.ts';
import { type Declaration, declarationOf } from './declarations.ts';
import { optionsOf, unwrapped } from './schema-walk.ts';

interface Field {
  readonly declaration: Declaration;
  readonly text: string;
  readonly path: string;
  /** The object that has the field. */
  readonly holder: unknown;
}

/**
 * Every issue of the fields that a schema declares to be seen by people, each by the one check of
 * its type. Blocked patterns apply to all of them. A value that its schema refuses is not searched:
 * it may have any length.
 *
 * @param input any value of a bounded size.
 */
export function contentIssues(schema: z.ZodType, input: unknown, policy: ContentPolicy): Issue[] {
  if (!needsCheck(schema)) return [];
  const budget = openBudget();
  return seenFields(schema, input, '', undefined).flatMap((field) => {
    const message = issueOf(field, policy, budget);
    return message === undefined ? [] : [{ path: field.path, message }];
  });
}

function issueOf(
  { declaration, text, holder }: Field,
  policy: ContentPolicy,
  budget: Budget,
): string | undefined {
  switch (declaration.type) {
    case 'link':
      return linkIssue(text, declaration.schemes) ?? shownLinkIssue(text, policy, budget);
    case 'file-name':
      return fileNameIssue(text, besideIt(holder, declaration.mediaTypeIn), policy, budget);
    case 'identifier':
      return policy.violation('text/plain', text, budget);
    default:
      return widgetTextIssue(text, policy, budget);
  }
}

function besideIt(holder: unknown, name: string | undefined): unknown {
  return name !== undefined && isRecord(holder) ? holder[name] : undefined;
}

function seenFields(schema: z.ZodType, value: unknown, path: string, holder: unknown): Field[] {
  const declaration = declarationOf(schema);
  if (declaration) {
    if (!declaration.isChecked || typeof value !== 'string' || value === '') return [];
    return checked(schema, value).ok ? [{ declaration, text: value, path, holder }] : [];
  }
  const inner = unwrapped(schema);
  if (inner !== schema) return seenFields(inner, value, path, holder);
  if (inner instanceof z.ZodUnion) {
    return optionsOf(inner)
      .filter((option) => mayBe(option, value))
      .flatMap((option) => seenFields(option, value, path, holder));
  }
  if (inner instanceof z.ZodArray && Array.isArray(value) && value.length <= longest(inner)) {
    return value.flatMap((held: unknown, index) =>
      seenFields(inner.element as z.ZodType, held, pathTo(path, index), value),
    );
  }
  if (!(inner instanceof z.ZodObject) || !isRecord(value)) return [];
  return fieldsOf(inner).flatMap(([name, field]) =>
    Object.hasOwn(value, name) ? seenFields(field, value[name], pathTo(path, name), value) : [],
  );
}

const needs = new WeakMap<z.ZodType, boolean>();

/** Whether the contract has a field that is checked. That of callbacks has not. */
function needsCheck(contract: z.ZodType): boolean {
  const known = needs.get(contract);
  if (known !== undefined) return known;
  const isNeeded = hasChecked(contract, new Set());
  needs.set(contract, isNeeded);
  return isNeeded;
}

type NamedField = readonly [name: string, schema: z.ZodType];

const fieldsOfObjects = new WeakMap<z.ZodObject, readonly NamedField[]>();

/** The fields of an object that have a declared field in them. Most contracts have few of them. */
function fieldsOf(object: z.ZodObject): readonly NamedField[] {
  const known = fieldsOfObjects.get(object);
  if (known) return known;
  const fields = Object.entries(object.shape as Readonly<Record<string, z.ZodType>>).filter(([, field]) =>
    hasChecked(field, new Set([object])),
  );
  fieldsOfObjects.set(object, fields);
  return fields;
}

/** @param above the schemas around this one: a schema may hold itself. */
function hasChecked(schema: z.ZodType, above: ReadonlySet<z.ZodType>): boolean {
  const declaration = declarationOf(schema);
  if (declaration) return declaration.isChecked;
  const inner = unwrapped(schema);
  if (above.has(schema)) return false;
  const around = new Set([...above, schema]);
  if (inner !== schema) return hasChecked(inner, around);
  if (inner instanceof z.ZodUnion) return optionsOf(inner).some((option) => hasChecked(option, around));
  if (inner instanceof z.ZodArray) return hasChecked(inner.element as z.ZodType, around);
  if (!(inner instanceof z.ZodObject)) return false;
  return Object.values(inner.shape as Readonly<Record<string, z.ZodType>>).some((field) =>
    hasChecked(field, around),
  );
}

/** Whether the value fits the literals of this shape, such as its `type`. */
function mayBe(option: z.ZodType, value: unknown): boolean {
  const shape = unwrapped(option);
  if (!(shape instanceof z.ZodObject) || !isRecord(value)) return true;
  return Object.entries(shape.shape as Readonly<Record<string, z.ZodType>>).every(
    ([name, field]) =>
      !(field instanceof z.ZodLiteral) || value[name] === undefined || field.values.has(value[name] as never),
  );
}

/** The most items of a list that are checked. */
function longest(list: z.ZodArray): number {
  const limits = (list.def.checks ?? []).flatMap(({ _zod: { def } }) =>
    def.check === 'max_length' ? [(def as z.core.$ZodCheckMaxLengthDef).maximum] : [],
  );
  return Math.min(...limits, MAX_ITEMS);
}

const MAX_ITEMS = 1000;
