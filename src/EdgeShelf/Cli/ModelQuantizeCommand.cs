using System.CommandLine;
using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model quantize`: makes an INT8 model folder from an FP32 ResNet.</summary>
static class ModelQuantizeCommand
{
    public static Command Create()
    {
        Option<string> model = new("--model") { Description = "The FP32 network: ONNX, opset 11 to 21, RGB input, logits out.", Required = true, HelpName = "FP32.onnx" };
        Option<string> calibration = new("--calibration") { Description = "256 to 512 pictures like those the camera takes: a folder, or a list with the column path.", Required = true, HelpName = "FOLDER|LIST.csv" };
        Option<string> output = new("--output", "-o") { Description = "The model folder to write. It must not exist yet. When root runs this command, it reads and writes as the owner of the state folder.", Required = true, HelpName = "DIR" };
        Option<string?> labels = new("--labels") { Description = "The classes in the order of the logits: index,label,name,sku.", HelpName = "LABELS.csv" };
        Option<string?> name = new("--name") { Description = "The model's name. Default: the name of the output folder.", HelpName = "NAME" };
        Option<string> version = new("--version") { Description = "The model's version.", DefaultValueFactory = _ => "1.0.0", HelpName = "VERSION" };
        Option<string?> root = new("--root") { Description = "Folder that relative paths in lists start from. Default: the list's folder.", HelpName = "DIR" };
        Option<int> count = new("--pictures") { Description = "Number of pictures to calibrate on, spread evenly over all of them.", DefaultValueFactory = _ => 512, HelpName = "N" };
        Option<string> method = new("--method") { Description = "How the range of an activation is chosen: min-max takes all observed values, mse the part with the smallest squared error.", DefaultValueFactory = _ => "mse" };
        method.AcceptOnlyFromAmong("min-max", "mse");
        Option<bool> biasCorrection = new("--bias-correction") { Description = "Correct the biases for the mean error of rounded weights." };
        Option<int> resize = new("--resize") { Description = "Length of the shorter side of a picture before the crop, in pixels.", DefaultValueFactory = _ => 256, HelpName = "PIXELS" };
        Option<int> crop = new("--crop") { Description = "Side length of the network's input, in pixels.", DefaultValueFactory = _ => 224, HelpName = "PIXELS" };
        Option<double[]> mean = Triple("--mean", "Mean that was subtracted in training, for R, G and B, of values from 0 to 1.", new ModelInput().Mean);
        Option<double[]> std = Triple("--std", "Standard deviation that was divided by in training, for R, G and B.", new ModelInput().Std);
        Option<string?> heldOut = new("--held-out") { Description = "Labelled pictures (path,class_id or path,label) that the network was not trained on. They are used to compare with FP32 and to find the temperature and the review thresholds.", HelpName = "LIST.csv" };
        Option<double?> temperature = new("--temperature") { Description = "Temperature that divides the logits, instead of the one found on the held-out pictures.", HelpName = "T" };
        Option<double?> minConfidence = new("--min-confidence") { Description = "Confidence below which a result needs review, 0 to 1, instead of the one found on the held-out pictures.", HelpName = "SHARE" };
        Option<double?> minMargin = new("--min-margin") { Description = "Margin between the best two labels below which a result needs review, 0 to 1, instead of the one found on the held-out pictures.", HelpName = "SHARE" };
        Option<string?> test = new("--test") { Description = "Labelled pictures to measure the model on. The figures are written to the manifest; nothing is fitted to these pictures.", HelpName = "LIST.csv" };
        Option<string?> golden = new("--golden") { Description = "A picture whose answer is checked each time the model is loaded. Default: the first calibration picture.", HelpName = "PICTURE" };
        Option<double> maxLoss = new("--max-loss") { Description = "Percentage points of top-1 accuracy that INT8 may lose before the model is refused.", DefaultValueFactory = _ => 1, HelpName = "POINTS" };
        Option<bool> force = new("--force") { Description = "Write the model even if it loses more accuracy than allowed." };
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
        : throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"{option.Name} is {value}; allowed are {least} to {most}."), "Leave the option out to find the value on the --held-out pictures.");

    static int Positive(int value, Option option) => value > 0
        ? value
        : throw new ConfigurationException($"{option.Name} is {value}; 1 or more is needed.", "Leave the option out to use the default.");
}
