/**
 * Characters that a reader cannot see, or that change how he sees others. Every expression for them
 * stands here, since each leaves out other characters for a reason:
 *
 *                            controls  line ends  format, zero width  turn the direction  half of a pair
 *   UNSEEN                   yes       yes        yes                 yes                 yes
 *   UNSEEN_BUT_LINES         yes       but \n     yes                 yes                 yes
 *   INVISIBLE                yes       no         yes                 yes                 no
 *   UNREADABLE               yes       no         no                  no                  yes
 *   UNREADABLE_IN_FILE_NAME  yes       yes        no                  yes                 yes
 *   SKIPPED_IN_ADDRESS       yes       yes        yes                 yes                 yes
 *   OVERRIDES                no        no         no                  overrides only      no
 *
 * The marks U+061C, U+200E and U+200F are format characters that do not turn the direction: Arabic
 * and Hebrew need them beside digits, brackets and Latin letters.
 */

/**
 * A terminal obeys these characters, or a reader cannot see them. Unassigned ones are among them.
 */
export const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{DI}]/gu;
export const UNSEEN_BUT_LINES = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{DI}]/gu;

/**
 * These show nothing: soft hyphens, joiners, variation selectors, marks of direction, fillers,
 * controls.
 */
export const INVISIBLE = /(?![\t\n\r])\p{Cc}|\p{Cf}|\p{DI}/gu;

/**
 * No reader can read these: controls, code points that are no character, halves of surrogate pairs.
 */
export const UNREADABLE = /(?![\t\n\r])\p{Cc}|\p{Noncharacter_Code_Point}|\p{Cs}/u;

/** These control, break a line or turn the direction of a file name. */
export const UNREADABLE_IN_FILE_NAME = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

/**
 * A browser takes some of these out of an address, so that the address leads elsewhere than it
 * seems.
 */
export const SKIPPED_IN_ADDRESS = /[\t\n\r\p{C}]/u;

/** These show what follows in one direction, whatever characters it has. */
export const OVERRIDES = /[\u202d\u202e]/g;

/** An override, and the text that it turns: up to its end, or that of the line. */
export const OVERRIDDEN = /[\u202d\u202e]([^\u202c\n\r\u2029]*)/g;

/**
 * These open or close an embedding or an isolate. A line end closes no embedding, so that an open
 * one is refused there.
 */
export const DIRECTION_STEPS = /[\u202a\u202b\u202c\u2066-\u2069\n]/g;
export const POP_EMBEDDING = '\u202c';
export const FIRST_ISOLATE = '\u2066';
export const POP_ISOLATE = '\u2069';
