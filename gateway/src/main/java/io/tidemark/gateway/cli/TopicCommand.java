package io.tidemark.gateway.cli;

import picocli.CommandLine.Command;

@Command(
    name = "topic",
    description = "Create, inspect, change and delete topics.",
    subcommands = {
      TopicCreateCommand.class,
      TopicListCommand.class,
      TopicDescribeCommand.class,
      TopicAlterCommand.class,
      TopicDeleteCommand.class,
      TopicAddPartitionsCommand.class,
      TopicDeleteRecordsCommand.class
    })
final class TopicCommand extends GroupOfCommands {}
