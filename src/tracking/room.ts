import type { VcpuKind } from './vcpu-kind.ts';

/** Addresses that a subnet has left. */
export type FreeSubnet = { readonly id: string; readonly zone: string; readonly free: number };

/** Instances that a capacity reservation has left, of all it holds. */
export type FreeReservation = {
  readonly id: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly free: number;
  readonly total: number;
};

/** vCPU of one kind of instances: those that run in the account and region, and how many may. */
export type VcpuQuota = {
  readonly kind: VcpuKind;
  readonly region: string;
  readonly running: number;
  readonly quota: number;
};

/** What AWS has left where a cluster's new nodes would go. A part that is absent was not read. */
export type Room = {
  readonly subnets?: readonly FreeSubnet[];
  /** Of the EC2NodeClasses that use some; empty: none does. */
  readonly reservations?: readonly FreeReservation[];
  /** Of the kinds that new nodes are likely to be of; empty: there will be none, or all are reserved already. */
  readonly vcpu?: readonly VcpuQuota[];
};
