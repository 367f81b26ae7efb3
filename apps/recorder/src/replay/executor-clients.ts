import { executor } from '@supercap/protocol';
import { grpcClient } from '@supercap/transport';

/** Clients of the executors by address. */
export class ExecutorClients {
  private readonly clients = new Map<string, executor.ExecutorClient>();

  at(address: string): executor.ExecutorClient {
    let client = this.clients.get(address);
    if (client === undefined) this.clients.set(address, (client = grpcClient(executor.ExecutorClient, address)));
    return client;
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
    this.clients.clear();
  }
}
