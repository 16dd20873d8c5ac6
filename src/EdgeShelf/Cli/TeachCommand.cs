using System.CommandLine;
using EdgeShelf.Pictures;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Exchange;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf teach`: teaches a product from pictures of it.</summary>
static class TeachCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Argument<string[]> images = new("IMAGE") { Description = "Pictures that show one facing of the product and nothing else, or folders of them.", Arity = ArgumentArity.OneOrMore };
        Option<string> label = new("--label", "-l") { Description = "The product's label, or `empty` for a place without goods.", Required = true, HelpName = "LABEL" };
        Option<string?> name = new("--name") { Description = "The product's name for people.", HelpName = "NAME" };
        Option<string?> sku = new("--sku") { Description = "The store's article number.", HelpName = "SKU" };
        Option<string?> gtin = new("--gtin") { Description = "The number of the barcode: 8, 12, 13 or 14 digits.", HelpName = "GTIN" };
        Option<string?> slot = new("--slot") { Description = "The slot that the pictures show. The last example of a slot is never dropped.", HelpName = "SLOT" };
        Option<bool> yes = new("--yes") { Description = "Teach it even if products that were taught before are recognized less well." };
        Option<bool> move = new("--move") { Description = "Give an example that shows the same and has another label this label." };
        Option<bool> json = new("--json") { Description = "Print one JSON object, for scripts." };
        Command command = new("teach", "Teach a product from pictures. A running service knows it with its next picture. `edgeshelf product undo` takes it back.") { images, label, name, sku, gtin, slot, yes, move, json };
        common.AddConfigurationTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] files = [.. PictureFiles.Expand(parsed.GetValue(images)!)];
            if (files.Length == 0)
                throw new ConfigurationException("There is no JPEG or PNG in that folder.", "Name picture files, or a folder that has some.");
            string product = ProductText.Label(parsed.GetRequiredValue(label));
            string? place = ProductText.Slot(parsed.GetValue(slot));
            if (place is not null && common.Plan(parsed).Slots is { IsEmpty: false } slots && slots.Slots.All(known => known.Name != place))
                throw new EdgeShelfException($"There is no slot {PlainText.Shown(place)}.", "`edgeshelf slots show` names those that there are.");
            List<NotTaught> notTaught = [];
            List<Crop> crops = [];
            foreach (string file in files)
            {
                try
                {
                    crops.Add(new Crop(product, place, file, File.GetLastWriteTimeUtc(file), ProductImport.ReadJpeg(file)));
                }
                catch (PictureException problem)
                {
                    notTaught.Add(new NotTaught(file, NotTaught.Broken, problem.Message));
                }
            }
            string?[] details = [parsed.GetValue(name), parsed.GetValue(sku), parsed.GetValue(gtin)];
            Product[] products = details.All(detail => detail is null) ? [] : [ProductText.Product(product, details[0], details[1], details[2])];
            using TeachingBench bench = TeachingBench.Open(parsed, common, needsModel: true);
            Lesson lesson = new(ExampleSources.Verb) { Confirm = parsed.GetValue(yes), Move = parsed.GetValue(move) };
            try
            {
                LessonResult result = await bench.Teacher.TeachCropsAsync(StepKinds.Add, crops, products, lesson, notTaught, new HashSet<string>(), isPreview: false, cancellationToken);
                TeachingText.Write(parsed, result, parsed.GetValue(json));
                return result.NotTaught.Any(one => one.Code != NotTaught.Known) ? ExitCodes.Failed : ExitCodes.Fine;
            }
            catch (WorseException problem)
            {
                throw new EdgeShelfException(problem.Message, "Look whether the label and the pictures are right. With --yes it is taught nevertheless.", problem);
            }
        });
        return command;
    }
}
