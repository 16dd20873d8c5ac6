using EdgeShelf.Models.Making.Evaluation;
using Microsoft.ML.OnnxRuntime;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Finds the mean descriptor of pictures, as the INT8 network that is shipped returns them.</summary>
static class DescriptorMeanFit
{
    /// <param name="int8">A network with an output for the descriptor.</param>
    /// <param name="pictures">At least one picture.</param>
    /// <param name="progress">Receives the number of pictures done so far.</param>
    public static float[] Find(Contestant int8, IReadOnlyList<ListedPicture> pictures, IProgress<int> progress, CancellationToken cancellationToken)
    {
        using Network network = new(int8.Onnx, int8.Input, int8.Outputs, threads: Environment.ProcessorCount);
        Preprocessor preprocessor = new(int8.Input);
        return DescriptorMean.Of(pictures.Select(Describe));

        float[] Describe(ListedPicture picture, int index)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using OrtValue tensor = preprocessor.ToTensor(PictureCrop.Read(picture.Path, preprocessor));
            progress.Report(index + 1);
            return Descriptor.Of(network.Run(tensor).DescriptorOf(0));
        }
    }
}
