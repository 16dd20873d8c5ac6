using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Documents;
using EdgeShelf.Teaching.Exchange;
using EdgeShelf.Teaching.Figures;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf product list|show|rename|merge|remove|undo|export|import`: manages what was taught. It works while the service is running.</summary>
static class ProductCommand
{
    public static Command Create() => new("product", "Manage the products that were taught.")
    {
        List(),
        Show(),
        Rename(),
        Merge(),
        Remove(),
        Undo(),
        Export(),
        Import(),
    };

    static Command List()
    {
        (CommonOptions common, Option<bool> json) = (new(), Json());
        Command command = new("list", "List the taught products and how many examples there are of each.") { json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            using TeachingBench bench = TeachingBench.Open(parsed, common, needsModel: false);
            TextWriter output = parsed.InvocationConfiguration.Output;
            IReadOnlyList<ProductEntry> products = ProductEntry.All(bench.Store.Now);
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(products, TeachingJson.Wire.IReadOnlyListProductEntry));
                return;
            }
            foreach (ProductEntry product in products)
            {
                string[] details = [.. new[] { product.Name, product.Sku is { } sku ? $"SKU {sku}" : null, product.Gtin is { } gtin ? $"GTIN {gtin}" : null }.OfType<string>()];
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{product.Examples,5}  {Shown(product.Label)}{(details.Length > 0 ? $"  ({string.Join(", ", details.Select(Shown))})" : "")}"));
            }
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bench.Store.Now.Examples.Length} examples of {products.Count} products; at most {bench.Bounds.MaxExamples} are kept."));
        });
        return command;
    }

    static Command Show()
    {
        (CommonOptions common, Option<bool> json, Argument<string> label) = (new(), Json(), Label("LABEL", "The product's label."));
        Command command = new("show", "Show how well a product is taught: each example judged by the others, what it is confused with, and what would help.") { label, json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            using TeachingBench bench = TeachingBench.Open(parsed, common, needsModel: true);
            string wanted = ProductText.Label(parsed.GetRequiredValue(label));
            ProductFigures figures = bench.Teacher.Figures().Products.FirstOrDefault(product => product.Label == wanted)
                ?? throw new EdgeShelfException($"There is no taught product {Shown(wanted)}.", "`edgeshelf product list` names those that there are.");
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(ProductDocument.Of(figures, bench.Store.Now), TeachingJson.Wire.ProductDocument));
                return;
            }
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Shown(wanted)}: {figures.Examples.Count} examples from {figures.Places} slots. Of {figures.Judged} that others of it can judge, {figures.Right} are recognized."));
            foreach (TakenFor entry in figures.TakenFor)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {entry.Times} taken for {(entry.Label is null ? "nothing known" : Shown(entry.Label))}"));
            foreach (Suspect suspect in figures.Suspects)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  Example {suspect.Id} looks like {Shown(suspect.LooksLike)}; its label may be wrong."));
            foreach ((long older, long newer) in figures.Duplicates)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  Examples {older} and {newer} show the same."));
            foreach (SameProduct same in figures.SameAs)
                output.WriteLine($"  {Shown(same.Label)} may be the same product: {same.Reason} `edgeshelf product merge` makes them one.");
            foreach (string advice in figures.Advice.Select(advice => advice.Text))
                output.WriteLine($"  {advice}");
        });
        return command;
    }

    static Command Rename()
    {
        (CommonOptions common, Option<bool> json, Option<bool> yes) = (new(), Json(), Yes());
        (Argument<string> label, Argument<string> to) = (Label("LABEL", "The product's label."), Label("NEW", "The new label."));
        Command command = new("rename", "Give a product another label. A planogram that expects the old one must be changed too.") { label, to, yes, json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            RefuseWhileExpected(parsed, common, Wanted(parsed, label), yes);
            Edit(parsed, common, json, bench => bench.Editor.Rename(Wanted(parsed, label), parsed.GetRequiredValue(to), null, parsed.GetValue(yes)));
        });
        return command;
    }

    static Command Merge()
    {
        (CommonOptions common, Option<bool> json, Option<bool> yes) = (new(), Json(), Yes());
        (Argument<string> label, Argument<string> into) = (Label("LABEL", "The product that goes."), Label("INTO", "The product that gets its examples."));
        Command command = new("merge", "Make two products one.") { label, into, yes, json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            RefuseWhileExpected(parsed, common, Wanted(parsed, label), yes);
            Edit(parsed, common, json, bench => bench.Editor.Merge(Wanted(parsed, label), Wanted(parsed, into), parsed.GetValue(yes)));
        });
        return command;
    }

    static Command Remove()
    {
        (CommonOptions common, Option<bool> json, Argument<string> label) = (new(), Json(), Label("LABEL", "The product's label."));
        Command command = new("remove", "Remove a product with all its examples. `edgeshelf product undo` brings it back.") { label, json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed => Edit(parsed, common, json, bench => bench.Editor.Remove(Wanted(parsed, label)), needsModel: false));
        return command;
    }

    static Command Undo()
    {
        CommonOptions common = new();
        Command command = new("undo", $"Take the last change of examples and products back. The last {UndoJournal.Kept} can be taken back, one by one.");
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            using TeachingBench bench = TeachingBench.Open(parsed, common, needsModel: false);
            parsed.InvocationConfiguration.Output.WriteLine($"Taken back: {bench.Store.Undo(null).Summary}");
        });
        return command;
    }

    static Command Export()
    {
        CommonOptions common = new();
        Argument<string> folder = new("DIR") { Description = "The folder to write. It must not exist yet." };
        Command command = new("export", "Write all examples as pictures by product, with their labels in a CSV file. `product import` of another device and `model train` read it.") { folder };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            using TeachingBench bench = TeachingBench.Open(parsed, common, needsModel: false);
            int count = ProductExport.Write(bench.Store, parsed.GetRequiredValue(folder));
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} examples are in {Path.GetFullPath(parsed.GetRequiredValue(folder))}."));
        });
        return command;
    }

    static Command Import()
    {
        (CommonOptions common, Option<bool> json, Option<bool> yes) = (new(), Json(), Yes());
        Argument<string> folder = new("DIR") { Description = "A folder that `product export` wrote, or one with a folder of pictures for each product, named by its label." };
        Command command = new("import", "Teach all products of a folder. What cannot be read is listed, and the rest is taken. The exit code is 1 if something was not taken.") { folder, yes, json };
        common.AddConfigurationTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using TeachingBench bench = TeachingBench.Open(parsed, common, needsModel: true);
            ProductImport import = ProductImport.Read(parsed.GetRequiredValue(folder), bench.Bounds.MaxExamples);
            Lesson lesson = new(ExampleSources.Verb) { Confirm = parsed.GetValue(yes) };
            LessonResult result = await bench.Teacher.TeachCropsAsync(
                StepKinds.Import, import.Crops, import.Products, lesson, [.. import.NotTaken], new HashSet<string>(), isPreview: false, cancellationToken);
            TeachingText.Write(parsed, result, parsed.GetValue(json));
            return result.NotTaught.Any(one => one.Code != NotTaught.Known) ? ExitCodes.Failed : ExitCodes.Fine;
        });
        return command;
    }

    static void Edit(ParseResult parsed, CommonOptions common, Option<bool> json, Func<TeachingBench, ProductChange> edit, bool needsModel = true)
    {
        using TeachingBench bench = TeachingBench.Open(parsed, common, needsModel);
        try
        {
            TeachingText.Write(parsed, edit(bench), parsed.GetValue(json));
        }
        catch (WorseException problem)
        {
            throw new EdgeShelfException(problem.Message, "With --yes it is done nevertheless.", problem);
        }
    }

    /// <summary>A place that expects a label that is gone is not checked any more, and nobody would notice.</summary>
    static void RefuseWhileExpected(ParseResult parsed, CommonOptions common, string label, Option<bool> yes)
    {
        string[] places = [.. common.Plan(parsed).Planogram?.Positions.Where(position => position.Label == label).Select(position => position.Slot) ?? []];
        if (places.Length > 0 && !parsed.GetValue(yes))
            throw new EdgeShelfException(
                $"The planogram expects {Shown(label)} in {string.Join(", ", places.Take(10))}{(places.Length > 10 ? $" and {places.Length - 10} more" : "")}. These places would not be checked any more.",
                "Rename or merge it on the page, which changes the planogram too. With --yes it is done nevertheless; then set a planogram with the new label.");
    }

    static string Wanted(ParseResult parsed, Argument<string> label) => ProductText.Label(parsed.GetRequiredValue(label));

    static Argument<string> Label(string name, string description) => new(name) { Description = description };

    static Option<bool> Json() => new("--json") { Description = "Print JSON, for scripts." };

    static Option<bool> Yes() => new("--yes") { Description = "Do it even if products are recognized less well." };

    static string Shown(string text) => PlainText.Shown(text);
}
