using System.CommandLine;
using System.Text.Json;
using EdgeShelf.Configuration;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Pictures.Alignment;
using EdgeShelf.Platform;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Slots;
using Microsoft.Extensions.Configuration;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf shelf check`: judges the slots of pictures on disk as the service would, each picture alone or all as one film.</summary>
static class ShelfCheckCommand
{
    /// <summary>Maximum number of characters of a path that are shown; the longest path that Linux allows.</summary>
    const int MaxPath = 4096;

    public static Command Create()
    {
        CommonOptions common = new();
        BayInputs inputs = new(common);
        Argument<string[]> images = new("IMAGE") { Description = "JPEG or PNG files, or folders of them.", Arity = ArgumentArity.OneOrMore };
        Option<string?> reference = new("--reference") { Description = "The picture on which the slots were drawn. Default: the device's if its slots are used, else with --sequence the first picture, else none.", HelpName = "IMAGE" };
        Option<bool> sequence = new("--sequence") { Description = "The pictures are one film, in the given order: a verdict changes only when several pictures agree." };
        Option<bool> explain = new("--explain") { Description = "Show for each slot the likenesses, the thresholds and why the verdict is what it is." };
        Option<bool> json = new("--json") { Description = "Print one JSON document per line, for scripts." };
        Command command = new("check", "Say for pictures whether each slot holds what belongs there. The exit code is 1 when a file failed.") { images, reference, sequence, explain, json };
        inputs.AddTo(command);
        common.AddModelTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] files = PictureFiles.Named(parsed, parsed.GetRequiredValue(images));
            IConfigurationRoot configuration = common.Configuration(parsed);
            PlanogramOptions options = ConfigurationCheck.Read<PlanogramOptions>(configuration, PlanogramOptions.Section);
            VisionOptions vision = ConfigurationCheck.Read<VisionOptions>(configuration, VisionOptions.Section);
            using LoadedModel model = common.Model(parsed);
            BayInput input = inputs.Read(parsed, model, isJudging: true);
            using ActiveModel models = ActiveModel.Of(model);
            ReferenceView? view = parsed.GetValue(reference) is { } picture ? ViewOf(parsed, picture, PictureFiles.Read(picture).Bytes)
                : input.Reference is { } bytes ? ViewOf(parsed, "The device's reference picture", bytes)
                : null;
            BayCheck check = new(models, input.Plan, options, view, parsed.GetValue(sequence) ? vision.CacheMaxDifference : null);
            TextWriter output = parsed.InvocationConfiguration.Output;
            bool failed = false;
            foreach (string file in files)
            {
                try
                {
                    (BayLook look, BayStep? step) = await check.LookAsync(PictureFiles.Read(file), cancellationToken);
                    CheckDocument document = CheckDocument.Of(file, look, step, parsed.GetValue(explain) ? options.Thresholds : null);
                    if (parsed.GetValue(json))
                        output.WriteLine(JsonSerializer.Serialize(document, CliJson.Wire.CheckDocument));
                    else
                        CheckText.Write(output, PlainText.Shown(file, MaxPath), document);
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

    /// <exception cref="PictureException">The picture cannot be read.</exception>
    static ReferenceView ViewOf(ParseResult parsed, string name, ReadOnlyMemory<byte> bytes)
    {
        using Picture picture = PictureDecoder.Decode(bytes);
        ReferenceView view = ReferenceView.Of(picture);
        if (!view.IsUsable)
            PlanFiles.Warn(parsed, [$"{name} has too little structure to be compared with, so the slots stay where they are"]);
        return view;
    }
}
