using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf outbox list|show|retry|purge`: manages messages that wait for the broker or that it refused. It works while the service is running.</summary>
static class OutboxCommand
{
    public static Command Create() => new("outbox", "Manage messages that wait for the broker or that it refused.")
    {
        List(),
        Show(),
        Retry(),
        Purge(),
    };

    static Command List()
    {
        (CommonOptions common, Option<string?> folder) = (new(), Folder());
        Option<bool> refused = new("--refused") { Description = "List messages that the broker refused permanently, instead of waiting ones." };
        Option<int> limit = new("--limit", "-n") { Description = "Maximum number of messages to show, oldest first.", DefaultValueFactory = _ => 50, HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Print one JSON object per line." };
        Command command = new("list", "List the messages, oldest first, and how many there are.") { folder, refused, limit, json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            using OutboxInspector outbox = Open(parsed, common, folder);
            TextWriter output = parsed.InvocationConfiguration.Output;
            var rows = parsed.GetValue(refused)
                ? outbox.Refused(parsed.GetValue(limit)).Select(entry => (entry.Seq, entry.Topic, At: entry.RefusedAt, entry.Payload.Length, Reason: (string?)entry.Reason))
                : outbox.Waiting(parsed.GetValue(limit)).Select(entry => (entry.Seq, entry.Topic, At: entry.CommittedAt, entry.Payload.Length, Reason: (string?)null));
            foreach ((long seq, string topic, DateTimeOffset at, int bytes, string? reason) in rows)
            {
                string time = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                output.WriteLine(parsed.GetValue(json)
                    ? new JsonObject { ["seq"] = seq, ["topic"] = topic, ["at"] = time, ["bytes"] = bytes, ["reason"] = reason }.ToJsonString()
                    : string.Create(CultureInfo.InvariantCulture, $"{seq,10}  {topic,-6}  {time}  {bytes,7} bytes  {reason}"));
            }
            if (!parsed.GetValue(json))
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{outbox.Counter("messages")} wait ({outbox.Counter("bytes")} bytes), {outbox.Counter("refused")} refused, {outbox.Counter("dropped")} dropped since the outbox was begun."));
        });
        return command;
    }

    static Command Show()
    {
        (CommonOptions common, Option<string?> folder) = (new(), Folder());
        Argument<long> seq = new("SEQ") { Description = "The message's number, as `outbox list` shows it." };
        Command command = new("show", "Print one message's document.") { seq, folder };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            using OutboxInspector outbox = Open(parsed, common, folder);
            long wanted = parsed.GetValue(seq);
            byte[] payload = outbox.Find(wanted) ?? throw new EdgeShelfException(
                $"The outbox holds no message {wanted}.", "It was delivered or dropped; `edgeshelf outbox list` shows what is there.");
            parsed.InvocationConfiguration.Output.WriteLine(Encoding.UTF8.GetString(payload));
        });
        return command;
    }

    static Command Retry()
    {
        (CommonOptions common, Option<string?> folder) = (new(), Folder());
        Argument<long?> seq = new("SEQ") { Description = "One refused message; without it, all of them.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("retry", "Put refused messages back in the queue after the cause is fixed.") { seq, folder };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            using OutboxInspector outbox = Open(parsed, common, folder);
            int count = outbox.Retry(parsed.GetValue(seq));
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} back in the queue; the service sends them within half a minute."));
            return FoundOrFailed(parsed.GetValue(seq), count);
        });
        return command;
    }

    static Command Purge()
    {
        (CommonOptions common, Option<string?> folder) = (new(), Folder());
        Argument<long?> seq = new("SEQ") { Description = "One refused message; without it, all of them.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> waiting = new("--waiting") { Description = "Delete waiting messages instead of refused ones. The backend is informed by an event." };
        Option<bool> yes = new("--yes") { Description = "Confirm the deletion. Without this option nothing is deleted." };
        Command command = new("purge", "Delete refused messages permanently.") { seq, waiting, yes, folder };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            using OutboxInspector outbox = Open(parsed, common, folder);
            if (!parsed.GetValue(yes))
                throw new ConfigurationException("Purged messages cannot be brought back, so nothing was done.", "Look at them with `edgeshelf outbox list`, then repeat with --yes.");
            int count = parsed.GetValue(waiting) ? outbox.PurgeWaiting() : outbox.PurgeRefused(parsed.GetValue(seq));
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} thrown away."));
            return parsed.GetValue(waiting) ? ExitCodes.Fine : FoundOrFailed(parsed.GetValue(seq), count);
        });
        return command;
    }

    static int FoundOrFailed(long? seq, int count) => seq is not null && count == 0 ? ExitCodes.Failed : ExitCodes.Fine;

    static Option<string?> Folder() => new("--folder") { Description = "Folder of the outbox. Default: the folder that the service uses.", HelpName = "DIR" };

    static OutboxInspector Open(ParseResult parsed, CommonOptions common, Option<string?> folder)
    {
        string? named = parsed.GetValue(folder) ?? common.Configuration(parsed)[$"{PublishOptions.Section}:{nameof(PublishOptions.Folder)}"];
        return OutboxInspector.Open(named ?? ServiceDirectories.State);
    }
}
