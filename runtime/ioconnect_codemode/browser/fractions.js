/** Exact fractions, for stand-ins that must be a multiple of 0.01. */

export class Fraction {
  /** @param {bigint} over @param {bigint} under */
  constructor(over, under = 1n) {
    const sign = under < 0n ? -1n : 1n;
    const shared = divisor(over < 0n ? -over : over, under * sign) || 1n;
    this.over = (over * sign) / shared;
    this.under = (under * sign) / shared;
  }

  /** @param {number} value */
  static of(value) {
    if (Number.isInteger(value)) return new Fraction(BigInt(value)); // the digits that are shown of 2**60 are not all its own
    const [digits, power] = value.toExponential().split("e");
    const [whole, part = ""] = digits.split(".");
    const scale = Number(power) - part.length;
    const size = BigInt(`${whole}${part}`);
    return scale >= 0 ? new Fraction(size * 10n ** BigInt(scale)) : new Fraction(size, 10n ** BigInt(-scale));
  }

  /** @param {Fraction} other */
  plus(other) {
    return new Fraction(this.over * other.under + other.over * this.under, this.under * other.under);
  }

  /** @param {Fraction} other */
  minus(other) {
    return this.plus(new Fraction(-other.over, other.under));
  }

  /** @param {Fraction} other */
  times(other) {
    return new Fraction(this.over * other.over, this.under * other.under);
  }

  /** @param {Fraction} other */
  dividedBy(other) {
    return new Fraction(this.over * other.under, this.under * other.over);
  }

  /** Below, equal or above another: a number below, equal to or above 0. @param {Fraction} other */
  comparedTo(other) {
    const difference = this.over * other.under - other.over * this.under;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  get isZero() {
    return this.over === 0n;
  }

  floor() {
    const down = this.over % this.under !== 0n && this.over < 0n ? 1n : 0n;
    return new Fraction(this.over / this.under - down);
  }

  ceil() {
    const up = this.over % this.under !== 0n && this.over > 0n ? 1n : 0n;
    return new Fraction(this.over / this.under + up);
  }

  toNumber() {
    return this.under === 1n ? Number(this.over) : Number(this.over) / Number(this.under);
  }
}

/** @param {bigint} one @param {bigint} other @returns {bigint} */
function divisor(one, other) {
  let [a, b] = [one, other];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
