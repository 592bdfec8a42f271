import { ts } from '@ts-morph/common';

/** The compiler of TypeScript 5 as a library. */
export default ts;
