import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct, type Product } from './harness';
import { freePort } from './harness/free-port';
import { runRecorded } from './runners';

// Behaviour that was recorded from the original servers, played against this one.

describe('the newer API, the language and the nodes', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
  });
  afterAll(() => product?.stop());

  it('behave as recorded', async () => {
    const { passed, failed, output } = await runRecorded('conformance/run.mjs', ['--base', product.url]);
    expect(failed, output).toBe(0);
    expect(passed).toBe(969);
  }, 600_000);
});

describe('the API of 2016', () => {
  let product: Product;
  let influx: string;
  beforeAll(async () => {
    influx = `127.0.0.1:${await freePort()}`;
    product = await startProduct({
      env: { KAPACITOR_INFLUXDB_0_ENABLED: 'true', KAPACITOR_INFLUXDB_0_URLS_0: `http://${influx}` },
    });
  });
  afterAll(() => product?.stop());

  it('answers as recorded, with a stand-in for InfluxDB', async () => {
    const { passed, failed, output } = await runRecorded('seed-http/run.mjs', [
      '--base',
      product.url,
      '--fake-influx',
      influx,
    ]);
    expect(failed, output).toBe(0);
    expect(passed).toBeGreaterThan(400);
  }, 300_000);
});
