import { executor } from '@supercap/protocol';
import { grpcClient } from '@supercap/transport';

/** Clients of the executors by address. */
export class ExecutorClients {
  private readonly clients = new Map<string, executor.ExecutorClient>();

  /** Undefined: there is no connection to it within so many milliseconds. */
  async reach(address: string, ms: number): Promise<executor.ExecutorClient | undefined> {
    let client = this.clients.get(address);
    if (client === undefined) this.clients.set(address, (client = grpcClient(executor.ExecutorClient, address)));
    const reached = client;
    return new Promise((resolve) => {
      reached.waitForReady(Date.now() + ms, (error) => resolve(error === undefined ? reached : undefined));
    });
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
    this.clients.clear();
  }
}
