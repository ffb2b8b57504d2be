package io.tidemark.gateway.net;

import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/**
 * A part of a segment's file that leaves by {@code sendfile}. Unlike its parent it does not close
 * the channel, which belongs to the slice and outlives the region.
 */
final class SliceRegion extends DefaultFileRegion {

  SliceRegion(FileChannel channel, long position, int sizeBytes) {
    super(channel, position, sizeBytes);
  }

  @Override
  protected void deallocate() {
    // the slice is released by the response
  }
}
