/** For `NODE_OPTIONS=--import`: a process with a clock that is off by CLOCK_SKEW_MS. */
const skewMs = Number(process.env['CLOCK_SKEW_MS'] ?? 0);
const RightDate = Date;

class SkewedDate extends RightDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(SkewedDate.now());
    else super(...(given as [number]));
  }
  static override now(): number {
    return RightDate.now() + skewMs;
  }
}

globalThis.Date = SkewedDate as DateConstructor;
