// Timecode as it is written (SMPTE ST 12-1), in whole numbers only. Drop-frame is numbering, not rate: true 30/1 media may carry it.

const FORM = /^(\d{1,2})[:;.](\d{2})[:;.](\d{2})([:;.,])(\d{2,3})$/;

/** How labels are counted at a rate [frames, seconds]: labels in a second, labels skipped in most minutes, frames in a day. */
function counting([num, den], drop) {
  const nominal = Math.ceil(num / den);
  const dropped = drop ? Math.floor(nominal / 15) : 0;
  return { nominal, dropped, day: nominal * 86400 - dropped * 1296 };
}

const two = (n, width = 2) => String(n).padStart(width, "0");

/** The label of a frame counted from midnight. */
export function label(frames, rate, drop) {
  const { nominal, dropped, day } = counting(rate, drop);
  let n = ((frames % day) + day) % day;
  if (dropped) {
    const ten = nominal * 600 - 9 * dropped, minute = nominal * 60;
    const tens = Math.floor(n / ten), rest = n % ten;
    n += 9 * dropped * tens + (rest >= minute ? dropped * (Math.floor((rest - minute) / (minute - dropped)) + 1) : 0);
  }
  const seconds = Math.floor(n / nominal);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${drop ? ";" : ":"}${two(n % nominal, nominal > 100 ? 3 : 2)}`;
}

/** The frame counted from midnight of a label; null where it is no label, or one that drop-frame skips. */
export function count(text, rate, drop) {
  const found = FORM.exec(text.trim());
  if (!found) return null;
  const [hours, minutes, seconds, frame] = [found[1], found[2], found[3], found[5]].map(Number);
  const { nominal, dropped } = counting(rate, drop);
  if (hours > 23 || minutes > 59 || seconds > 59 || frame >= nominal) return null;
  if (dropped && frame < dropped && seconds === 0 && minutes % 10) return null;
  const all = hours * 60 + minutes;
  return (all * 60 + seconds) * nominal + frame - dropped * (all - Math.floor(all / 10));
}

/** The source timecode of a clip's frames; counted from `from` where the clip carries none. */
export class Clock {
  constructor(clip, from = 0) {
    this.rate = clip.rate;
    this.known = Boolean(clip.timecode);
    this.labels = clip.timecode_rate ?? clip.rate;
    this.drop = this.known && /[;,]\d+$/.test(clip.timecode);
    this.first = this.known ? count(clip.timecode, this.labels, this.drop) : 0;
    this.zero = this.known ? 0 : from;
  }
  /** Labels that pass by the time a frame is on screen. */
  passed(frame) {
    const [num, den] = this.rate, [tops, bottoms] = this.labels;
    return Math.floor(((frame - this.zero) * tops * den) / (bottoms * num));
  }
  at(frame) { return label(this.first + this.passed(frame), this.labels, this.drop); }
  /** The frame that a label, a piece of one (its right end) or a step (+12, -100) leads to; null where none does. */
  frame(text, now) {
    const typed = text.trim();
    const step = /^([+-])(\d{1,8})$/.exec(typed.replace(/[:;.,]/g, ""));
    let labels;
    if (step) {
      const digits = two(step[2], 8);
      const long = count(`${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}:${digits.slice(6)}`, this.labels, false);
      const asked = long ?? Number(step[2]);
      labels = this.passed(now) + (step[1] === "-" ? -asked : asked);
    } else if (/^\d{1,8}$/.test(typed)) {
      const here = this.at(now).replace(/\D/g, "");
      const whole = here.slice(0, here.length - typed.length) + typed;
      const counted = count(`${whole.slice(0, 2)}:${whole.slice(2, 4)}:${whole.slice(4, 6)}:${whole.slice(6)}`, this.labels, this.drop);
      labels = counted === null ? null : counted - this.first;
    } else {
      const counted = count(typed, this.labels, this.drop);
      labels = counted === null ? null : counted - this.first;
    }
    if (labels === null) return null;
    if (this.known && labels < -this.passed(this.zero) - 1) labels += counting(this.labels, this.drop).day;
    const [num, den] = this.rate, [tops, bottoms] = this.labels;
    return this.zero + Math.ceil((labels * bottoms * num) / (tops * den));
  }
}
