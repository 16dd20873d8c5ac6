using System.CommandLine;
using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model quantize`: an FP32 ResNet to an INT8 model folder.</summary>
static class ModelQuantizeCommand
{
    public static Command Create()
    {
        Option<string> model = new("--model") { Description = "The FP32 network: ONNX, opset 11 to 21, RGB input, logits out.", Required = true, HelpName = "FP32.onnx" };
        Option<string> calibration = new("--calibration") { Description = "256 to 512 pictures like those the camera takes: a folder, or a list with the column path.", Required = true, HelpName = "FOLDER|LIST.csv" };
        Option<string> output = new("--output", "-o") { Description = "The model folder to write. It must not be there yet. Run by root, the verb reads and writes as the owner of the state folder.", Required = true, HelpName = "DIR" };
        Option<string?> labels = new("--labels") { Description = "The classes in the order of the logits: index,label,name,sku.", HelpName = "LABELS.csv" };
        Option<string?> name = new("--name") { Description = "The model's name. Default: the output folder's.", HelpName = "NAME" };
        Option<string> version = new("--version") { Description = "The model's version.", DefaultValueFactory = _ => "1.0.0", HelpName = "VERSION" };
        Option<string?> root = new("--root") { Description = "What paths in lists start from. Default: the list's folder.", HelpName = "DIR" };
        Option<int> count = new("--pictures") { Description = "Calibrate on so many of them, evenly spread.", DefaultValueFactory = _ => 512, HelpName = "N" };
        Option<string> method = new("--method") { Description = "Range of an activation: all that was seen, or the part with the smallest squared error.", DefaultValueFactory = _ => "mse" };
        method.AcceptOnlyFromAmong("min-max", "mse");
        Option<bool> biasCorrection = new("--bias-correction") { Description = "Take the mean error of rounded weights out of the biases." };
        Option<int> resize = new("--resize") { Description = "Shorter side of a picture before the crop, in pixels.", DefaultValueFactory = _ => 256, HelpName = "PIXELS" };
        Option<int> crop = new("--crop") { Description = "Side of the network's input, in pixels.", DefaultValueFactory = _ => 224, HelpName = "PIXELS" };
        Option<double[]> mean = Triple("--mean", "Mean that the network's training subtracted, R G B, of values from 0 to 1.", new ModelInput().Mean);
        Option<double[]> std = Triple("--std", "Deviation that it divided by, R G B.", new ModelInput().Std);
        Option<string?> heldOut = new("--held-out") { Description = "Labelled pictures (path,class_id or path,label) the network was not trained on: for the comparison with FP32, the temperature and the review thresholds.", HelpName = "LIST.csv" };
        Option<double?> temperature = new("--temperature") { Description = "Divides the logits, in place of the one that the held-out pictures give.", HelpName = "T" };
        Option<double?> minConfidence = new("--min-confidence") { Description = "Review below this confidence, 0 to 1, in place of what the held-out pictures give.", HelpName = "SHARE" };
        Option<double?> minMargin = new("--min-margin") { Description = "Review where best minus second is less, 0 to 1, in place of what the held-out pictures give.", HelpName = "SHARE" };
        Option<string?> test = new("--test") { Description = "Labelled pictures whose figures go into the manifest; nothing is fitted to them.", HelpName = "LIST.csv" };
        Option<string?> golden = new("--golden") { Description = "A picture whose answer is checked at each load. Default: the first calibration picture.", HelpName = "PICTURE" };
        Option<double> maxLoss = new("--max-loss") { Description = "Points of top-1 that INT8 may lose before the model is refused.", DefaultValueFactory = _ => 1, HelpName = "POINTS" };
        Option<bool> force = new("--force") { Description = "Write the model even so." };
        Command command = new("quantize", "Make an INT8 model folder from an FP32 network.")
        {
            model, calibration, output, labels, name, version, root, count, method, biasCorrection, resize, crop, mean, std, heldOut, temperature, minConfidence, minMargin, test, golden, maxLoss, force,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            string folder = parsed.GetRequiredValue(output);
            string? start = parsed.GetValue(root);
            IReadOnlyList<ClassLabel>? classes = parsed.GetValue(labels) is { } file ? LabelsFile.Read(file) : null;
            QuantizeRequest request = new()
            {
                Model = parsed.GetRequiredValue(model),
                Calibration = PictureList.Spread(PictureList.ReadAny(parsed.GetRequiredValue(calibration), start), Positive(parsed.GetValue(count), count)),
                Output = folder,
                Name = ModelName.Plain(parsed.GetValue(name) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), name.Name),
                Version = parsed.GetValue(version)!,
                Labels = classes,
                Input = new ModelInput
                {
                    Resize = Positive(parsed.GetValue(resize), resize),
                    Crop = Positive(parsed.GetValue(crop), crop),
                    Mean = parsed.GetValue(mean)!,
                    Std = parsed.GetValue(std)!,
                },
                Settings = new QuantizerSettings(
                    parsed.GetValue(method) == "mse" ? CalibrationMethod.Mse : CalibrationMethod.MinMax, parsed.GetValue(biasCorrection)),
                HeldOut = parsed.GetValue(heldOut) is { } held ? PictureList.Read(held, start, classes) : null,
                Temperature = Within(parsed.GetValue(temperature), 0.01, 100, temperature),
                MinConfidence = Within(parsed.GetValue(minConfidence), 0, 1, minConfidence),
                MinMargin = Within(parsed.GetValue(minMargin), 0, 1, minMargin),
                Test = parsed.GetValue(test) is { } tested ? PictureList.Read(tested, start, classes) : null,
                TestName = Path.GetFileName(parsed.GetValue(test)),
                Golden = parsed.GetValue(golden),
                MaxLoss = parsed.GetValue(maxLoss) / 100,
                Force = parsed.GetValue(force),
            };
            QuantizeReport report = TerminalProgress.Run(progress => new ModelMaker(request, progress).Make(cancellationToken));
            Print(parsed.InvocationConfiguration.Output, folder, report);
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    static void Print(TextWriter output, string folder, QuantizeReport report)
    {
        foreach (string note in report.Notes)
            output.WriteLine(note);
        if (report.Forced is not null)
            output.WriteLine($"Written although: {report.Forced}");
        ModelManifest manifest = report.Manifest;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{manifest.Name} {manifest.Version} is in {folder}: temperature {manifest.Temperature}, review below {manifest.Review.MinConfidence} or closer than {manifest.Review.MinMargin}."));
        if (manifest.Measured is { } measured)
            output.WriteLine(measured.ToString());
        output.WriteLine($"Measure it with `edgeshelf model eval --model {folder} --data LIST.csv`.");
    }

    static Option<double[]> Triple(string name, string description, IReadOnlyList<double> otherwise) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => [.. otherwise],
        Arity = new ArgumentArity(3, 3),
        AllowMultipleArgumentsPerToken = true,
        HelpName = "R G B",
    };

    static double? Within(double? value, double least, double most, Option option) => value is null || (value >= least && value <= most)
        ? value
        : throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"{option.Name} is {value}; allowed are {least} to {most}."), "Leave it out to have it found on --held-out pictures.");

    static int Positive(int value, Option option) => value > 0
        ? value
        : throw new ConfigurationException($"{option.Name} is {value}; 1 or more is needed.", "Leave it out for the default.");
}
