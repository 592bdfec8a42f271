/**
 * Reads the spans out of a request to a collector: `ExportTraceServiceRequest` of OTLP 1, in protobuf.
 * Fields that no test reads are left out.
 */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a span without a parent. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly events: readonly string[];
  /** The contexts that it names, as trace id and span id. */
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly isError: boolean;
  readonly statusMessage: string;
  /** Of its process. */
  readonly resource: Readonly<Record<string, string | number>>;
}

const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_ERROR = 2n;

/** The values of one message, by field number, in their order. */
type Fields = ReadonlyMap<number, readonly (bigint | Buffer)[]>;

export function spansIn(request: Buffer): ReceivedSpan[] {
  return messages(read(request), 1).flatMap((ofResource) => {
    const resource = attributesIn(messages(ofResource, 1)[0] ?? new Map(), 1);
    const scopes = messages(ofResource, 2);
    return scopes.flatMap((scope) => messages(scope, 2).map((span) => spanOf(span, resource)));
  });
}

function spanOf(span: Fields, resource: ReceivedSpan['resource']): ReceivedSpan {
  const status = messages(span, 15)[0] ?? new Map();
  return {
    traceId: hex(span, 1),
    spanId: hex(span, 2),
    traceState: text(span, 3),
    parentSpanId: hex(span, 4),
    name: text(span, 5),
    kind: KINDS[Number(number(span, 6))] ?? 'internal',
    startNs: number(span, 7),
    endNs: number(span, 8),
    attributes: attributesIn(span, 9),
    events: messages(span, 11).map((event) => text(event, 2)),
    links: messages(span, 13).map((link) => ({ traceId: hex(link, 1), spanId: hex(link, 2) })),
    isError: number(status, 3) === STATUS_ERROR,
    statusMessage: text(status, 2),
    resource,
  };
}

function attributesIn(message: Fields, field: number): Record<string, string | number> {
  return Object.fromEntries(
    messages(message, field).map((pair) => [text(pair, 1), attributeIn(messages(pair, 2)[0] ?? new Map())]),
  );
}

/** Our attributes are texts and whole numbers. Others fail the test. */
function attributeIn(value: Fields): string | number {
  if (value.has(1)) return text(value, 1);
  if (value.has(3)) return Number(BigInt.asIntN(64, number(value, 3)));
  throw new Error(`a value of another type: fields ${[...value.keys()]}`);
}

function read(bytes: Buffer): Fields {
  const fields = new Map<number, (bigint | Buffer)[]>();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const value = valueAfter(tag & 7, { varint, take });
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

function valueAfter(
  wireType: number,
  { varint, take }: { varint: () => bigint; take: (length: number) => Buffer },
): bigint | Buffer {
  if (wireType === 0) return varint();
  if (wireType === 1) return take(8).readBigUInt64LE();
  if (wireType === 2) return take(Number(varint()));
  if (wireType === 5) return BigInt(take(4).readUInt32LE());
  throw new Error(`wire type ${wireType}`);
}

function messages(message: Fields, field: number): Fields[] {
  return (message.get(field) ?? []).map((value) => read(value as Buffer));
}

function bytesOf(message: Fields, field: number): Buffer {
  return (message.get(field)?.at(-1) as Buffer | undefined) ?? Buffer.alloc(0);
}

function text(message: Fields, field: number): string {
  return bytesOf(message, field).toString('utf8');
}

function hex(message: Fields, field: number): string {
  return bytesOf(message, field).toString('hex');
}

function number(message: Fields, field: number): bigint {
  return (message.get(field)?.at(-1) as bigint | undefined) ?? 0n;
}
