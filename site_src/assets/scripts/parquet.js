// Reads a Parquet file as texts, column by column. Fetched only when a reader asks for the rows.

import { decompress } from "fzstd";
import { parquetMetadataAsync } from "hyparquet/src/metadata.js";
import { parquetRead } from "hyparquet/src/read.js";

const WHOLE = 8_000_000; // beyond this many bytes only what is looked at is fetched
const FOOTER = 1 << 16;

const compressors = { ZSTD: (input, length) => decompress(input, new Uint8Array(length)) };
const parsers = { dateFromDays: (days) => new Date(days * 86_400_000).toISOString().slice(0, 10) };

/**
 * The file at `url`, of which the page states how long it is: a server may gzip its answer to HEAD and state the
 * length of that. One that knows no ranges answers with 200 and the whole, which then is kept.
 */
async function remote(url, byteLength, ranged) {
  let kept = ranged ? null : await whole(url);
  const file = {
    byteLength: kept?.byteLength ?? byteLength,
    get partial() {
      return kept === null;
    },
    async complete() {
      kept ??= await whole(url);
    },
    async slice(start, end = byteLength) {
      if (kept) return kept.slice(start, end);
      const answer = await fetch(url, { headers: { Range: `bytes=${start}-${end - 1}` } });
      if (answer.status === 206) return answer.arrayBuffer();
      kept = await body(answer);
      return kept.slice(start, end);
    },
  };
  return file;
}

const whole = async (url) => body(await fetch(url));

async function body(answer) {
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.arrayBuffer();
}

/** A table of which rows can be asked for, and only those fetched if `ranged`; `unlike` names the columns that a CSV writes in another way. */
export async function open(url, byteLength, ranged) {
  const file = await remote(url, byteLength, ranged);
  const metadata = await parquetMetadataAsync(file, { initialFetchSize: FOOTER });
  const scales = exact(metadata);
  const about = metadata.key_value_metadata?.find(({ key }) => key === "gazette");
  return {
    rows: Number(metadata.num_rows),
    unlike: (about && JSON.parse(about.value).unlike) ?? [],
    get partial() {
      return file.partial;
    },
    complete: () => file.complete(),
    read: (columns, rowStart, rowEnd) => read({ file, metadata, columns, rowStart, rowEnd, scales }),
  };
}

/** Take decimals as their bytes, which hold more digits than a number of JavaScript does; scale by column. */
function exact(metadata) {
  const scales = new Map();
  for (const element of metadata.schema) {
    if (element.converted_type !== "DECIMAL") continue;
    scales.set(element.name, element.scale ?? 0);
    delete element.converted_type;
    delete element.logical_type;
  }
  return scales;
}

/** The texts of `columns` in the rows from `rowStart` to before `rowEnd`, by name. */
async function read({ file, metadata, columns, rowStart = 0, rowEnd = Number(metadata.num_rows), scales }) {
  const found = Object.fromEntries(columns.map((name) => [name, new Array(rowEnd - rowStart).fill("")]));
  const onChunk = ({ columnName, columnData, rowStart: start }) => {
    const texts = found[columnName];
    const scale = scales.get(columnName);
    for (let place = 0; place < columnData.length; place += 1) {
      const row = start + place - rowStart;
      if (row >= 0 && row < texts.length) texts[row] = text(columnData[place], scale);
    }
  };
  await parquetRead({
    file, metadata, columns, rowStart, rowEnd, compressors, parsers, onChunk, useOffsetIndex: file.partial,
  });
  return found;
}

function text(value, scale) {
  if (value === null || value === undefined) return "";
  if (value instanceof Uint8Array) return decimal(value, scale);
  if (typeof value === "number") return plain(value);
  return String(value);
}

/** A number without an exponent, in the fewest digits that say it. */
function plain(value) {
  const written = String(value);
  if (!written.includes("e")) return written;
  const [, sign, whole, fraction = "", power] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(written);
  const digits = whole + fraction;
  const point = 1 + Number(power);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, "0");
}

/** A decimal of two's complement, most significant byte first (Parquet, "Logical Types: DECIMAL"). */
function decimal(bytes, scale) {
  let value = BigInt.asIntN(8, BigInt(bytes[0]));
  for (const byte of bytes.subarray(1)) value = value * 256n + BigInt(byte);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${whole}${fraction && `.${fraction}`}`;
}
