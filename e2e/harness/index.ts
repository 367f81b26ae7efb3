export {
  define,
  enable,
  request,
  taskStats,
  until,
  write,
  type Answer,
  type RequestOptions,
  type TaskDefinition,
} from './client';
export { needsInflux, type Influx } from './influx';
export { programsDir, root, startProduct, type Product, type ProcessName, type ProductOptions } from './product';
export { startReceiver, type Receiver, type Received } from './receiver';
export { startSecondExecutor, type SecondExecutor } from './second-executor';
