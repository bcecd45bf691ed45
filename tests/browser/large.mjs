// How soon the page of a very large incident can be used: more than 50,000 events in its timeline.
// RECON is the binary (a release build, or writing the page takes minutes), CHROMIUM the browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const EVENTS = 50_000;
const MOST_MS = 2_000;
const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const recon = process.env.RECON ?? join(root, "target", "release", "recon");
const folder = mkdtempSync(join(tmpdir(), "recon-large-"));

// Two hours of failures in six of traffic, and a room in which somebody, or something, never stops
// writing. The same numbers every time.
const start = Date.UTC(2024, 8, 11, 8);
const HOUR = 3_600_000;
let state = 7;
function draw(n) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
  return ((t ^ (t >>> 14)) >>> 0) % n;
}
let log = "";
for (let at = 0; at < 6 * HOUR; at += 2_000) {
  const failing = at >= 2 * HOUR && at < 4 * HOUR && draw(5) < 3;
  const time = new Date(start + at).toISOString();
  log += `${time} ${failing ? "ERROR" : "INFO"} shop: GET /basket ${failing ? 500 : 200} user=u${draw(4_000)}\n`;
}
writeFileSync(join(folder, "shop.log"), log);
const sayings = ["error rate on shop-# is # %", "restarted shop-#", "customers report errors on order #", "still failing on pod #"];
const people = ["imre", "salome", "teodor", "yuki"];
let chat = "";
for (let n = 0; n < EVENTS * 2.1; n++) {
  const text = sayings[draw(sayings.length)].replace(/#/g, () => String(draw(90)));
  const ts = ((start + 2 * HOUR + (n * 2 * HOUR) / (EVENTS * 2.1)) / 1000).toFixed(6);
  chat += `${JSON.stringify({ ts, type: "message", user: people[draw(people.length)], text })}\n`;
}
writeFileSync(join(folder, "chat.jsonl"), chat);
const path = join(folder, "report.html");
execFileSync(recon, [join(folder, "shop.log"), join(folder, "chat.jsonl"), "--window", "auto", "-o", path], { stdio: "pipe" });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
const loads = [];
let filtered = 0;
for (let n = 0; n < 5; n++) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const from = performance.now();
  await page.goto(pathToFileURL(path).href);
  // Drawn, and the script at rest.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  loads.push(Math.round(performance.now() - from));
  const all = Number((await page.textContent("output")).replace(/\D/g, ""));
  assert.ok(all >= EVENTS, `${all} events`);
  const typed = performance.now();
  await page.fill("input[type=search]", "pod 42");
  assert.match(await page.textContent("output"), /^\d+ of \d+ events$/);
  filtered = Math.round(performance.now() - typed);
  await page.close();
}
await browser.close();
loads.sort((a, b) => a - b);
const bytes = statSync(path).size;
console.log(`${(bytes / 2 ** 20).toFixed(1)} MiB, usable after ${loads.join(", ")} ms, filtered in ${filtered} ms`);
assert.ok(loads[2] < MOST_MS, `the median of five loads is ${loads[2]} ms`);
