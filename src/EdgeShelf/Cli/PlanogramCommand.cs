using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf planogram show|set|export|import|history|rollback|cancel`: what belongs in each slot. A running service takes changes over by itself.</summary>
static class PlanogramCommand
{
    public static Command Create() => new("planogram", "Show and change what belongs in each slot.")
    {
        Show(),
        Set(),
        Export(),
        Import(),
        History(),
        Rollback(),
        Cancel(),
    };

    static Command Show()
    {
        CommonOptions common = new();
        Option<bool> json = new("--json") { Description = "Print the document planogram.json, for scripts; null if there is none." };
        Command command = new("show", "Print the planogram in force and the one that waits for its time.") { json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            PlanStore plan = common.Plan(parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(plan.PlanogramDocument is { } document ? Encoding.UTF8.GetString(document.ToJson()) : "null");
                return ExitCodes.Fine;
            }
            if (plan.Planogram is { } planogram)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{planogram.Name} {planogram.Version}: {planogram.Positions.Count} positions, {planogram.Products.Count} products, revision {plan.PlanogramDocument!.Number} of {PlanFiles.Time(plan.PlanogramDocument.ChangedAt)}"));
                foreach (Position position in planogram.Positions)
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{position.Slot,-12} {position.Label,-24} {planogram.ExpectedIn(position.Slot)?.Sku}"));
                PlanFiles.Warn(parsed, plan.WarningsOf(planogram));
            }
            else
                output.WriteLine("There is no planogram: nothing is expected anywhere. `edgeshelf planogram import FILE.csv` and the page set one.");
            if (plan.NextPlanogram is { } next)
                output.WriteLine($"{next.Name} {next.Version} waits for {PlanFiles.Time(next.ValidFrom)}.");
            return ExitCodes.Fine;
        });
        return command;
    }

    static Command Set()
    {
        CommonOptions common = new();
        Argument<string> file = new("FILE") { Description = "A document, as `planogram show --json` prints it." };
        Command command = new("set", "Replace the planogram. A file with any problem is refused whole.") { file };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            if (PlanFiles.IsTable(path))
                throw new ConfigurationException($"{path} is a table; a JSON document is needed.", $"Run `edgeshelf planogram import{common.Arguments(parsed)} {ShellWord.Quote(path)}`.");
            PlanStore plan = common.Plan(parsed);
            return Put(parsed, plan, path, () => PlanogramDocument.Parse(PlanFiles.Read(path)));
        });
        return command;
    }

    static Command Import()
    {
        CommonOptions common = new();
        Argument<string> file = new("FILE.csv") { Description = "A table with the columns slot,label and perhaps shelf,position,sku,gtin,facings,name." };
        Option<string?> name = new("--name") { Description = "The name of the planogram. Default: that of the one in force.", HelpName = "NAME" };
        Option<string?> version = new("--version") { Description = "The version of the planogram. Default: the time now.", HelpName = "VERSION" };
        Option<string?> validFrom = new("--valid-from") { Description = "The time from which it applies. Default: at once.", HelpName = "TIME" };
        Command command = new("import", "Replace the planogram by a table, as spreadsheets write it.") { file, name, version, validFrom };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            PlanStore plan = common.Plan(parsed);
            string path = parsed.GetRequiredValue(file);
            DateTimeOffset? from = null;
            if (parsed.GetValue(validFrom) is { } text)
                from = DocumentFields.TryParseTime(text, out DateTimeOffset time) ? time : throw new ConfigurationException($"--valid-from is \"{text}\"; a time with its offset is needed.", $"Write {DocumentFields.TimeExample}.");
            return Put(parsed, plan, path, () => PlanogramCsv.Read(
                PlanFiles.Read(path), path, parsed.GetValue(name) ?? plan.Planogram?.Name ?? PlanogramCsv.UsualName, parsed.GetValue(version) ?? PlanFiles.Time(TimeProvider.System.GetUtcNow()), from));
        });
        return command;
    }

    static Command Export()
    {
        CommonOptions common = new();
        Argument<string> file = new("FILE.csv") { Description = "The table to write. An existing file is replaced." };
        Option<bool> spreadsheet = new("--spreadsheet") { Description = "Write semicolons, CRLF and a byte order mark, for a double click in a country with decimal commas." };
        Command command = new("export", "Write the planogram in force as a table.") { file, spreadsheet };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            Planogram planogram = common.Plan(parsed).Planogram ?? throw new EdgeShelfException("There is no planogram.", "Set one with `edgeshelf planogram import FILE.csv`, or on the page.");
            string path = parsed.GetRequiredValue(file);
            PlanFiles.Write(path, PlanogramCsv.Write(planogram, parsed.GetValue(spreadsheet)));
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path} has {planogram.Name} {planogram.Version}: {planogram.Positions.Count} positions and {planogram.Products.Count} products."));
            return ExitCodes.Fine;
        });
        return command;
    }

    static Command History()
    {
        CommonOptions common = new();
        Option<bool> json = new("--json") { Description = "Print one JSON array, for scripts." };
        Command command = new("history", "List the planograms that are kept, newest first.") { json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            PlanStore plan = common.Plan(parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                output.WriteLine(new JsonArray([.. plan.PlanogramHistory().Select(kept => new JsonObject { ["revision"] = kept.Number, ["name"] = kept.Planogram.Name, ["version"] = kept.Planogram.Version, ["at"] = PlanFiles.Time(kept.ChangedAt), ["by"] = kept.ChangedBy, ["positions"] = kept.Planogram.Positions.Count })]).ToJsonString());
            else
                foreach (PlanogramDocument kept in plan.PlanogramHistory())
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(kept.Number == plan.PlanogramDocument!.Number ? "*" : " ")} {kept.Number,5}  {PlanFiles.Time(kept.ChangedAt),-20}  {kept.ChangedBy ?? "-",-8} {kept.Planogram.Name} {kept.Planogram.Version}, {kept.Planogram.Positions.Count} positions"));
            return ExitCodes.Fine;
        });
        return command;
    }

    static Command Rollback()
    {
        CommonOptions common = new();
        Argument<int?> revision = new("REVISION") { Description = "A revision that `planogram history` lists. Default: the one before.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("rollback", "Put an earlier planogram in force again.") { revision };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            PlanStore plan = common.Plan(parsed);
            Report(parsed, plan, PlanFiles.Listing("The earlier planogram", () => plan.RollbackPlanogram(parsed.GetValue(revision), PlanSource.Verb)), []);
            return ExitCodes.Fine;
        });
        return command;
    }

    static Command Cancel()
    {
        CommonOptions common = new();
        Command command = new("cancel", "Forget the planogram that waits for its time.");
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            if (!common.Plan(parsed).CancelNext(PlanSource.Verb))
                throw new EdgeShelfException("No planogram waits for its time.", "`edgeshelf planogram show` shows what is in force.");
            parsed.InvocationConfiguration.Output.WriteLine("The planogram that waited is forgotten; the one in force stays.");
            return ExitCodes.Fine;
        });
        return command;
    }

    static int Put(ParseResult parsed, PlanStore plan, string path, Func<PlanogramDocument> read)
    {
        PlanogramDocument wanted = PlanFiles.Listing(path, read);
        Report(parsed, plan, PlanFiles.Listing(path, () => plan.SetPlanogram(wanted, PlanSource.Verb)), wanted.Notes);
        return ExitCodes.Fine;
    }

    static void Report(ParseResult parsed, PlanStore plan, PlanogramDocument set, IEnumerable<string> warnings)
    {
        Planogram planogram = set.Planogram;
        parsed.InvocationConfiguration.Output.WriteLine(set.Number > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{planogram.Name} {planogram.Version} with {planogram.Positions.Count} positions is in force as revision {set.Number}. A running service takes it over by itself.")
            : $"{planogram.Name} {planogram.Version} waits for {PlanFiles.Time(planogram.ValidFrom)}.");
        PlanFiles.Warn(parsed, [.. warnings, .. plan.WarningsOf(planogram)]);
    }
}
