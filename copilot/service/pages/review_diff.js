// What changed between two texts, word by word.

const MOST_CELLS = 4_000_000; // beyond this the table of the longest common words is too large to fill while one waits

/** Pieces `{kind: "same" | "gone" | "new", text}` that make the first text without the new, the second without the gone. */
export function changes(before, after) {
  const [old, now] = [tokens(before), tokens(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const middle = between(old.slice(start, old.length - end), now.slice(start, now.length - end));
  const tail = end ? old.slice(-end) : [];
  return joined([...same(old.slice(0, start)), ...middle, ...same(tail)]);
}

function tokens(text) {
  return text.match(/\s+|[^\s]+/g) ?? [];
}

const same = (words) => words.map((text) => ({ kind: "same", text }));

function between(old, now) {
  if (old.length * now.length > MOST_CELLS) {
    return [...old.map((text) => ({ kind: "gone", text })), ...now.map((text) => ({ kind: "new", text }))];
  }
  const width = now.length + 1;
  const longest = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = old[i] === now[j]
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const found = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      found.push({ kind: "same", text: old[i] });
      i += 1;
      j += 1;
    } else if (j >= now.length || (i < old.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) {
      found.push({ kind: "gone", text: old[i] });
      i += 1;
    } else {
      found.push({ kind: "new", text: now[j] });
      j += 1;
    }
  }
  return found;
}

/** Neighbours of a kind as one; a space between two changed words belongs to the change. */
function joined(pieces) {
  const found = [];
  let [gone, added] = ["", ""];
  const flush = () => {
    if (gone) found.push({ kind: "gone", text: gone });
    if (added) found.push({ kind: "new", text: added });
    [gone, added] = ["", ""];
  };
  pieces.forEach(({ kind, text }, place) => {
    const next = pieces[place + 1]?.kind;
    if (kind === "gone") gone += text;
    else if (kind === "new") added += text;
    else if ((gone || added) && !text.trim() && next && next !== "same") {
      gone += text;
      added += text;
    } else {
      flush();
      if (found.at(-1)?.kind === "same") found.at(-1).text += text;
      else found.push({ kind, text });
    }
  });
  flush();
  return found;
}
