using System.CommandLine;
using System.Text.Json;
using EdgeShelf.Configuration;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf shelf show`: what the service confirmed last, what is missing first.</summary>
static class ShelfShowCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Option<bool> json = new("--json") { Description = "Print the document of the topic `…/shelf`, for scripts; null without slots." };
        Command command = new("show", "Print what the service last confirmed of each slot, what is missing first.") { json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            IConfigurationRoot configuration = common.Configuration(parsed);
            string state = ConfigurationCheck.Read<PlanOptions>(configuration, PlanOptions.Section).State;
            if (Directory.Exists(state) && !Posix.MayRead(state))
                throw new EdgeShelfException($"You may not read {state}, where the state of the shelf is.", "Run the command with sudo.");
            string path = Path.Combine(state, BayMemoryFile.FileName);
            BayRecord? record = new BayMemoryFile(path, TimeProvider.System, NullLogger.Instance).Read();
            if (record is null && File.Exists(path))
                throw new EdgeShelfException($"{path} cannot be read, or is damaged.", "Start the service; it confirms the verdicts anew.");
            // A device without slots publishes no such document.
            ShelfDocument? shelf = record is not { State.Slots.Count: > 0 } ? null : ShelfDocument.Of(
                record, ConfigurationCheck.Read<PublishOptions>(configuration, PublishOptions.Section).Device, TimeProvider.System.GetUtcNow(), ClockSync.IsSynced());
            if (parsed.GetValue(json))
                parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(shelf, PublishJson.Wire.ShelfDocument!));
            else
                ShelfText.Write(parsed.InvocationConfiguration.Output, shelf);
            return ExitCodes.Fine;
        });
        return command;
    }
}
