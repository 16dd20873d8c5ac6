using System.CommandLine;
using System.Text.Json;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Platform;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using SkiaSharp;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf classify`: classifies pictures on disk as the service would.</summary>
static class ClassifyCommand
{
    /// <summary>Maximum number of characters of a path that are shown; the longest path that Linux allows.</summary>
    const int MaxPath = 4096;

    public static Command Create()
    {
        CommonOptions common = new();
        Argument<string[]> images = new("IMAGE") { Description = "JPEG or PNG files, or folders of them.", Arity = ArgumentArity.OneOrMore };
        Option<bool> json = new("--json") { Description = "Print one JSON document per line, for scripts." };
        Option<string?> saveInput = new("--save-input") { Description = "Write the crop that the network saw, before normalization, as a PNG. Only with a single image.", HelpName = "FILE.png" };
        Command command = new("classify", "Classify pictures and print the three best labels of each. The exit code is 1 when one of them failed.") { images, json, saveInput };
        common.AddModelTo(command);
        command.SetAction(parsed =>
        {
            string[] files = [.. PictureFiles.Expand(parsed.GetValue(images)!)];
            string? savePath = parsed.GetValue(saveInput);
            string? passedOver = PictureFiles.PassedOver(parsed.GetValue(images)!);
            if (files.Length == 0)
            {
                throw new ConfigurationException(
                    $"There is no JPEG or PNG in that folder. {passedOver}".TrimEnd(), passedOver is null ? "Name picture files, or a folder that has some." : PictureFormat.Hint);
            }
            if (savePath is not null && files.Length > 1)
                throw new ConfigurationException($"--save-input writes one file and {files.Length} images are given.", "Name one image.");
            using LoadedModel model = common.Model(parsed);
            using ActiveModel models = ActiveModel.Of(model);
            ShelfClassifier classifier = new(models);
            TextWriter output = parsed.InvocationConfiguration.Output;
            TextWriter errors = parsed.InvocationConfiguration.Error;
            bool failed = false;
            if (passedOver is not null)
                errors.WriteLine($"{passedOver} {PictureFormat.Hint}");
            foreach (string file in files)
            {
                try
                {
                    Frame frame = PictureFiles.Read(file);
                    ShelfResult result = classifier.Classify(frame);
                    if (savePath is not null)
                        SaveInput(model, frame, savePath);
                    if (parsed.GetValue(json))
                        output.WriteLine(JsonLine(file, result));
                    else
                        ResultText.Write(output, PlainText.Shown(file, MaxPath), result.Slots[0], result.Timings);
                }
                catch (PictureException problem)
                {
                    failed = true;
                    if (parsed.GetValue(json))
                        output.WriteLine(JsonLine(file, problem));
                    else
                        errors.WriteLine($"{PlainText.Shown(file, MaxPath)}: {problem.Message} {problem.Hint}");
                }
            }
            return failed ? ExitCodes.Failed : ExitCodes.Fine;
        });
        return command;
    }

    static string JsonLine(string file, ShelfResult result) => JsonSerializer.Serialize(
        new
        {
            file,
            top = SlotDocument.Of(result.Slots[0]).Top,
            result.NeedsReview,
            result.Slots[0].ReviewReason,
            timingsMs = TimingsDocument.Of(result.Timings),
        },
        ResultDocument.Json);

    static string JsonLine(string file, PictureException problem) =>
        JsonSerializer.Serialize(new { file, error = new { code = problem.Code, message = problem.Message } }, ResultDocument.Json);

    static void SaveInput(LoadedModel model, Frame frame, string path)
    {
        ModelInput input = model.Manifest.Input;
        byte[] crop = new byte[model.Preprocessor.CropLength];
        using (Picture picture = PictureDecoder.Decode(frame))
            model.Preprocessor.Crop(picture, crop);
        using SKBitmap bitmap = new(new SKImageInfo(input.Crop, input.Crop, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int pixel = 0; pixel < input.Crop * input.Crop; pixel++)
        {
            crop.AsSpan(pixel * 3, 3).CopyTo(pixels[(pixel * Picture.BytesPerPixel)..]);
            pixels[pixel * Picture.BytesPerPixel + 3] = 255;
        }
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        try
        {
            using FileStream file = File.Create(path);
            png.SaveTo(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdgeShelfException($"The crop cannot be written to {path}: {problem.Message}", "Name a file in a folder that exists and may be written.", problem);
        }
    }
}
