using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Shelf;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace EdgeShelf.Models;

/// <summary>An ONNX classification network in ONNX Runtime. One run at a time.</summary>
sealed class Network : IDisposable
{
    readonly InferenceSession _session;
    readonly RunOptions _runOptions = new();
    readonly string[] _inputNames;
    readonly string[] _outputNames;
    readonly string? _features;
    readonly string? _descriptor;
    volatile bool _isTerminated;

    /// <param name="onnx">The model file's bytes.</param>
    /// <param name="threads">Number of threads inside one operator; 1 or more.</param>
    /// <param name="signed">Whether codes become signed if the network allows it; see <see cref="SignedCodes"/>. Null means where that is faster.</param>
    /// <exception cref="ConfigurationException">The bytes are not a network, or its input and outputs are not what the manifest says.</exception>
    public Network(byte[] onnx, ModelInput input, ModelOutputs outputs, int threads, bool? signed = null)
    {
        ModelProto model = NetworkFile.Examine(onnx, input.Crop);
        HasSignedCodes = (signed ?? ProcessorSupport.PrefersSignedCodes) && input.Type == "uint8" && SignedCodes.TryApply(model);
        byte[] examined = model.ToByteArray();
        using SessionOptions options = SessionOptions(threads);
        try
        {
            _session = new InferenceSession(examined, options);
        }
        catch (OnnxRuntimeException problem)
        {
            throw new ConfigurationException($"The network does not load: {problem.Message}", "The file is damaged or was made for another runtime; export or install it again.", problem);
        }
        _inputNames = [input.Name];
        (_features, _descriptor) = (outputs.Features, outputs.Descriptor);
        _outputNames = [.. new[] { outputs.Logits, outputs.Features, outputs.Descriptor }.OfType<string>()];
        try
        {
            CheckShapes(input);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether the network computes with signed codes. Tensors are given to it unsigned, as the manifest says.</summary>
    public bool HasSignedCodes { get; }

    /// <summary>Number of classes in the logits.</summary>
    public int Classes => _session.OutputMetadata[_outputNames[0]].Dimensions[^1];

    /// <summary>Number of features of a picture; null if the network returns none or does not fix their number.</summary>
    public int? Features => Width(_features);

    /// <summary>Number of values in a picture's descriptor; null if the network returns none.</summary>
    public int? Descriptors => Width(_descriptor);

    /// <summary>Classifies a batch.</summary>
    /// <param name="tensor">N x 3 x side x side, of the input's type; see <see cref="Preprocessor.ToTensor"/>.</param>
    /// <exception cref="ObjectDisposedException"><see cref="Terminate"/> ended the run.</exception>
    /// <exception cref="NetworkException">ONNX Runtime could not compute the result, or a value is not a finite number.</exception>
    public NetworkAnswer Run(OrtValue tensor) => Run(tensor, _runOptions);

    /// <summary>Classifies a batch as <see cref="Run(OrtValue)"/> does, but stops after the current operator when the time limit has passed.</summary>
    /// <exception cref="NetworkException">The time limit passed, or ONNX Runtime could not compute the result.</exception>
    public NetworkAnswer RunWithin(TimeSpan limit, OrtValue tensor, TimeProvider clock)
    {
        // This run has its own options, because a time limit that expires late must not end a later run.
        using RunOptions options = new();
        Lock gate = new();
        bool isOver = false;
        bool ranOut = false;
        using ITimer timer = clock.CreateTimer(_ => Break(), null, limit, Timeout.InfiniteTimeSpan);
        try
        {
            NetworkAnswer answer = Run(tensor, options);
            return ranOut ? throw TookTooLong(limit) : answer;
        }
        catch (NetworkException) when (ranOut)
        {
            throw TookTooLong(limit);
        }
        finally
        {
            lock (gate)
                isOver = true;
        }

        void Break()
        {
            lock (gate)
            {
                if (isOver)
                    return;
                ranOut = true;
                options.Terminate = true;
            }
        }
    }

    NetworkAnswer Run(OrtValue tensor, RunOptions options)
    {
        try
        {
            using OrtValue? signed = HasSignedCodes ? SignedCodes.Of(tensor) : null;
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, _inputNames, [signed ?? tensor], _outputNames);
            foreach (OrtValue output in outputs)
            {
                if (output.GetTensorDataAsSpan<float>().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) >= 0)
                    throw new NetworkException("The network gave a value that is not a finite number.", "Make or install the model again.");
            }
            return new NetworkAnswer(
                outputs[0].GetTensorDataAsSpan<float>().ToArray(),
                _features is null ? null : outputs[1].GetTensorDataAsSpan<float>().ToArray(),
                _descriptor is null ? null : outputs[^1].GetTensorDataAsSpan<float>().ToArray(),
                Classes);
        }
        catch (OnnxRuntimeException) when (_isTerminated)
        {
            throw new ObjectDisposedException(nameof(Network));
        }
        catch (OnnxRuntimeException failed)
        {
            throw new NetworkException($"The network failed: {failed.Message}", "Check the model with `edgeshelf model verify`, or go back with `edgeshelf model rollback`.", failed);
        }
    }

    static NetworkException TookTooLong(TimeSpan limit) => new($"The network gave no answer within {limit.TotalSeconds:0.###} s.", "Take a smaller network.");

    /// <summary>Ends the run in progress after its current operator, and all later runs at once. It may be called from any thread.</summary>
    public void Terminate()
    {
        _isTerminated = true;
        _runOptions.Terminate = true;
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    /// <summary>
    /// Creates settings for a small device that runs a picture occasionally. Threads do not spin between runs, and no arena keeps
    /// the peak memory. All graph optimizations are on, because they select the integer kernels.
    /// </summary>
    internal static SessionOptions SessionOptions(int threads)
    {
        SessionOptions options = new()
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            EnableCpuMemArena = false,
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        // The bytes were checked as ONNX. Without this setting, ONNX Runtime might take them for its own format because of their first bytes.
        options.AddSessionConfigEntry("session.load_model_format", "ONNX");
        // The fast U8S8 kernel of older x64 processors saturates at 16 bits and gives wrong results without an error.
        if (ProcessorSupport.SaturatesAt16Bits)
            options.AddSessionConfigEntry("session.x64quantprecision", "1");
        return options;
    }

    void CheckShapes(ModelInput input)
    {
        const string Hint = "The manifest belongs to another network; make or install the model folder again.";
        if (!_session.InputMetadata.TryGetValue(input.Name, out NodeMetadata? found))
            throw new ConfigurationException($"The network has no input \"{input.Name}\"; it has {Names(_session.InputNames)}.", Hint);
        Type wanted = HasSignedCodes ? typeof(sbyte) : input.Type == "uint8" ? typeof(byte) : typeof(float);
        if (found.ElementType != wanted)
            throw new ConfigurationException($"The network's input is {found.ElementType.Name}; the manifest says {input.Type}.", Hint);
        int[] shape = found.Dimensions;
        if (shape.Length != 4 || shape[1] != 3)
            throw new ConfigurationException($"The network's input is [{string.Join(", ", shape)}]; the manifest says N x 3 x {input.Crop} x {input.Crop}.", Hint);
        foreach (string output in _outputNames)
        {
            if (!_session.OutputMetadata.ContainsKey(output))
                throw new ConfigurationException($"The network has no output \"{output}\"; it has {Names(_session.OutputNames)}.", Hint);
            if (_session.OutputMetadata[output].ElementType != typeof(float))
                throw new ConfigurationException($"The network's output \"{output}\" is {_session.OutputMetadata[output].ElementType.Name}; float32 is expected.", Hint);
        }
        if (_session.OutputMetadata[_outputNames[0]].Dimensions is not [_, > 0])
            throw new ConfigurationException($"The output \"{_outputNames[0]}\" is [{string.Join(", ", _session.OutputMetadata[_outputNames[0]].Dimensions)}]; N x classes is expected.", Hint);
        if (_descriptor is not null && Descriptors is null)
            throw new ConfigurationException($"The output \"{_descriptor}\" is [{string.Join(", ", _session.OutputMetadata[_descriptor].Dimensions)}]; N x values is expected.", Hint);
    }

    int? Width(string? output) => output is not null && _session.OutputMetadata[output].Dimensions is [_, > 0 and var count] ? count : null;

    static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}

/// <summary>Output of the network for a batch.</summary>
/// <param name="Logits">Logits, N x classes.</param>
/// <param name="Features">Features after pooling, N x features, or null if the network returns none.</param>
/// <param name="Descriptors">Averages over the 2 x 2 grid, N x values, or null if the network returns none; see <see cref="Descriptor"/>.</param>
sealed record NetworkAnswer(float[] Logits, float[]? Features, float[]? Descriptors, int Classes)
{
    public ReadOnlySpan<float> LogitsOf(int picture) => Logits.AsSpan(picture * Classes, Classes);

    /// <summary>Returns the features of one picture; empty if the network returns none.</summary>
    public ReadOnlySpan<float> FeaturesOf(int picture) => Part(Features, picture);

    /// <summary>Returns the averages of one picture, as <see cref="Descriptor.Of"/> expects them; empty if the network returns none.</summary>
    public ReadOnlySpan<float> DescriptorOf(int picture) => Part(Descriptors, picture);

    ReadOnlySpan<float> Part(float[]? values, int picture)
    {
        int count = values is null ? 0 : values.Length / (Logits.Length / Classes);
        return values.AsSpan(picture * count, count);
    }
}
