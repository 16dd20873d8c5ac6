using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeShelf.Configuration;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Platform;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf classify`: classifies pictures on disk as the service would.</summary>
static class ClassifyCommand
{
    /// <summary>Maximum number of characters of a path that are shown; the longest path that Linux allows.</summary>
    const int MaxPath = 4096;

    public static Command Create()
    {
        CommonOptions common = new();
        BayInputs inputs = new(common);
        Argument<string[]> images = new("IMAGE") { Description = "JPEG or PNG files, or folders of them.", Arity = ArgumentArity.OneOrMore };
        Option<bool> json = new("--json") { Description = "Print one JSON document per line, for scripts." };
        Option<string?> saveInput = new("--save-input") { Description = "Write the crop that the network saw, before normalization, as a PNG; with --slots one file each, FILE-SLOT.png. Only with a single image.", HelpName = "FILE.png" };
        Command command = new("classify", "Classify pictures and print the three best labels of each. The exit code is 1 when one of them failed.") { images, json, saveInput };
        inputs.AddTo(command);
        common.AddModelTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] files = PictureFiles.Named(parsed, parsed.GetRequiredValue(images));
            string? savePath = parsed.GetValue(saveInput);
            if (savePath is not null && files.Length > 1)
                throw new ConfigurationException($"--save-input writes one file and {files.Length} images are given.", "Name one image.");
            if (inputs.GivenWithoutSlots(parsed) is { } lonely)
                throw new ConfigurationException($"{lonely} is about slots, and --slots is not given.", "Name the slots with --slots, or leave the option out.");
            using LoadedModel model = common.Model(parsed);
            using ActiveModel models = ActiveModel.Of(model);
            ShelfClassifier classifier = new(models);
            BayPlan? plan = inputs.HasSlots(parsed) ? inputs.Read(parsed, model, isJudging: false).Plan : null;
            BayCheck? check = plan is null ? null : new BayCheck(models, plan, ConfigurationCheck.Read<PlanogramOptions>(common.Configuration(parsed), PlanogramOptions.Section), null, null);
            TextWriter output = parsed.InvocationConfiguration.Output;
            bool failed = false;
            foreach (string file in files)
            {
                try
                {
                    Frame frame = PictureFiles.Read(file);
                    ShelfResult result = classifier.Classify(frame);
                    BayLook? look = check is null ? null : (await check.LookAsync(frame, cancellationToken)).Look;
                    if (savePath is not null && plan is not null)
                        CropFile.Save(model, frame, plan.Slots, savePath);
                    else if (savePath is not null)
                        CropFile.Save(model, frame, savePath);
                    if (parsed.GetValue(json))
                        output.WriteLine(JsonSerializer.Serialize(ClassifyDocument.Of(file, result, look), CliJson.Wire.ClassifyDocument));
                    else
                        Write(output, file, result, look);
                }
                catch (PictureException problem)
                {
                    failed = true;
                    if (parsed.GetValue(json))
                        output.WriteLine(JsonSerializer.Serialize(FailedFile.Of(file, problem), CliJson.Wire.FailedFile));
                    else
                        parsed.InvocationConfiguration.Error.WriteLine($"{PlainText.Shown(file, MaxPath)}: {problem.Message} {problem.Hint}");
                }
            }
            return failed ? ExitCodes.Failed : ExitCodes.Fine;
        });
        return command;
    }

    static void Write(TextWriter output, string file, ShelfResult result, BayLook? look)
    {
        ResultText.Write(output, PlainText.Shown(file, MaxPath), result.Slots[0], result.Timings);
        if (look is not null)
            CheckText.Write(output, "slots", CheckDocument.Of(file, look, null, null));
    }

    internal sealed record ClassifyDocument(
        string File, IReadOnlyList<PredictionDocument> Top, bool NeedsReview, string? ReviewReason, TimingsDocument TimingsMs,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SlotDocument>? Slots)
    {
        public static ClassifyDocument Of(string file, ShelfResult result, BayLook? look) => new(
            file, SlotDocument.Of(result.Slots[0]).Top, result.NeedsReview, result.Slots[0].ReviewReason, TimingsDocument.Of(result.Timings),
            look is null ? null : [.. look.Slots.Select(slot => SlotDocument.Of(SlotResults.Of(slot, look.View, null)))]);
    }
}
