package io.tidemark.gateway.fetch;

/**
 * Looks at one partition for one fetch, without waiting: bytes that are near are taken, bytes that
 * are far are sent for and the partition answers with nothing until they are here. Called on the
 * session's loop.
 */
@FunctionalInterface
interface PartitionLook {

  /**
   * What there is for the client where it stands.
   *
   * @param room bytes left in the response; 0 looks at the offsets only
   * @param atLeastOneBatch whether the first batch comes even if it is larger
   */
  PartitionAnswer read(
      FetchedPartition partition, FetchParameters fetch, int room, boolean atLeastOneBatch);
}
