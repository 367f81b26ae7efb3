/** The httpOut endpoints that run here, by task and path. A task that has a path twice serves the one that started last. */
export class HttpOuts {
  private readonly tasks = new Map<string, Map<string, () => string>>();

  serve(taskId: string, path: string, result: () => string): () => void {
    let endpoints = this.tasks.get(taskId);
    if (endpoints === undefined) this.tasks.set(taskId, (endpoints = new Map()));
    endpoints.set(path, result);
    return () => {
      if (endpoints.get(path) === result) endpoints.delete(path);
      if (endpoints.size === 0 && this.tasks.get(taskId) === endpoints) this.tasks.delete(taskId);
    };
  }

  get(taskId: string, path: string): (() => string) | undefined {
    return this.tasks.get(taskId)?.get(path);
  }

  paths(): { taskId: string; endpoint: string }[] {
    return [...this.tasks].flatMap(([taskId, endpoints]) =>
      [...endpoints.keys()].map((endpoint) => ({ taskId, endpoint })),
    );
  }
}
