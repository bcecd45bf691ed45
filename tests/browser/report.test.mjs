// The HTML report in a real browser: it is run, clicked, filtered, zoomed, printed and audited.
// RECON is the binary, CHROMIUM the browser; `.ci/run` sets both.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const recon = process.env.RECON ?? join(root, "target", "debug", "recon");
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "recon-html-"));

function report(name, ...inputs) {
  const path = join(folder, `${name}.html`);
  try {
    execFileSync(recon, [...inputs, "--window", "auto", "-o", path], { cwd: root, stdio: "pipe" });
  } catch (error) {
    if (error.status !== 1) throw error; // 1: no incident found
  }
  return pathToFileURL(path).href;
}

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
});
after(() => browser.close());

/** A page that fails its test on any error, warning or request. */
async function open(url, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const wrong = [];
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && wrong.push(m.text()));
  page.on("pageerror", (e) => wrong.push(String(e)));
  page.on("request", (r) => r.url() === url || r.url().startsWith(`${url}#`) || wrong.push(`request ${r.url()}`));
  await page.goto(url);
  return { page, wrong };
}

const rollback = () => report("rollback", "samples/incidents/002-token-rollback");

test("a citation opens the quoted lines with the lines around them", async () => {
  const { page, wrong } = await open(rollback());
  const cite = page.locator("a.cite", { hasText: "changes.jsonl:3" }).first();
  await cite.click();
  const dialog = page.locator("dialog#quote");
  assert.ok(await dialog.evaluate((d) => d.open));
  assert.match(await dialog.locator("h2").textContent(), /changes\.jsonl:3$/);
  const lines = readFileSync(join(root, "samples/incidents/002-token-rollback/changes.jsonl"), "utf8").split("\n");
  const quoted = (await dialog.locator(".cited").textContent()).replace(/^3/, "");
  assert.match(lines[2], /"actor":"avisser"/);
  assert.equal(quoted, lines[2].replace("avisser", "[responder 1]")); // people are told by role
  assert.equal(await dialog.locator("pre span").count(), 6); // two before, itself, three after
  await page.keyboard.press("Escape");
  assert.ok(!(await dialog.evaluate((d) => d.open)));
  assert.deepEqual(wrong, []);
});

test("the timeline is filtered by words and by source", async () => {
  const { page, wrong } = await open(rollback());
  const rows = page.locator(".events > li:not(.day)");
  const all = await rows.count();
  await page.fill("input[type=search]", "innocent");
  assert.equal(await rows.count(), 1);
  await page.keyboard.press("Enter"); // sends nothing
  assert.equal(await rows.count(), 1);
  await page.fill("input[type=search]", "");
  await page.locator(".chip.person span").click();
  const without = await rows.count();
  assert.ok(without > 0 && without < all);
  assert.equal(await page.locator(".events > li.person").count(), 0);
  assert.match(await page.locator("output").textContent(), new RegExp(`^${without} of ${all} events$`));
  assert.deepEqual(wrong, []);
});

test("the chart is read with the arrow keys, zoomed and reset", async () => {
  const { page, wrong } = await open(rollback());
  const svg = page.locator("svg.chart");
  await svg.focus();
  for (let n = 0; n < 40; n++) await page.keyboard.press("ArrowRight");
  assert.match(await page.locator(".readout").textContent(), /\d+ of \d+ failed \(\d+\.\d %\)/);
  const rows = page.locator(".events > li:not(.day)");
  const all = await rows.count();
  await page.click("[data-zoom=in]");
  await page.click("[data-zoom=in]");
  assert.ok((await rows.count()) < all, "the timeline follows the chart");
  await page.click("[data-zoom=all]");
  assert.equal(await rows.count(), all);
  const box = await svg.boundingBox();
  await page.mouse.move(box.x + box.width * 0.3, box.y + 80);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 80, { steps: 5 });
  await page.mouse.up();
  assert.ok((await rows.count()) < all, "dragging zooms");
  assert.deepEqual(wrong, []);
});

for (const [name, options] of [
  ["wide and light", { colorScheme: "light" }],
  ["narrow and dark", { colorScheme: "dark", viewport: { width: 390, height: 844 } }],
]) {
  test(`no serious finding of axe-core: ${name}`, async () => {
    for (const input of ["002-token-rollback", "001-auth-misconfiguration", "003-login-bug", "quiet-day"]) {
      const url = report(input, `samples/incidents/${input}`);
      // The audit's own script needs a page without the policy; the page is otherwise the same.
      const bare = readFileSync(new URL(url), "utf8").replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
      const path = join(folder, `${input}-bare.html`);
      writeFileSync(path, bare);
      const { page } = await open(pathToFileURL(path).href, options);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run());
      const serious = violations.filter((v) => ["serious", "critical"].includes(v.impact));
      assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes[0].html}`), [], input);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${input} is ${overflow} px too wide`);
      await page.close();
    }
  });
}

test("without scripts everything is still there", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(rollback());
  assert.ok((await page.locator(".events > li").count()) > 10);
  assert.ok(await page.locator("svg.chart .failures").isVisible());
  const target = await page.locator("a.cite").first().getAttribute("href");
  assert.equal(await page.locator(target).count(), 1);
});

test("hostile text neither runs nor calls out", async () => {
  const path = join(folder, "hostile.log");
  const evil = [
    "</script><script>window.owned=1</script>",
    "<img src=x onerror=window.owned=1>",
    "\"><svg onload=window.owned=1>",
    "javascript:window.owned=1//",
    "{{constructor.constructor('window.owned=1')()}}",
    "\u202e\u001b[31m</title><iframe src=//example.invalid>",
  ];
  let log = "";
  for (let minute = 0; minute < 120; minute++) {
    const at = new Date(Date.UTC(2024, 4, 7, 9, minute)).toISOString();
    for (let n = 0; n < 5; n++) log += `${at} INFO shop: GET /basket 200\n`;
    if (minute >= 60 && minute < 80) for (const e of evil) log += `${at} ERROR shop: ${e} failed\n`;
  }
  writeFileSync(path, log);
  const { page, wrong } = await open(report("hostile", path));
  assert.match(await page.textContent("h1"), /^Failures of/);
  for (const link of (await page.locator("a.cite").all()).slice(0, 10)) {
    await link.click();
    await page.keyboard.press("Escape");
  }
  assert.equal(await page.evaluate(() => window.owned), undefined);
  assert.equal(await page.locator("iframe, img, main script").count(), 0);
  assert.deepEqual(wrong, []);
});
