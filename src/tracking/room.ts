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

/** What AWS has left where a cluster's new nodes would go. A part that is absent was not read. */
export type Room = {
  readonly subnets?: readonly FreeSubnet[];
  /** Of the EC2NodeClasses that use some; empty: none does. */
  readonly reservations?: readonly FreeReservation[];
};
