using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;

namespace EdgeShelf.Teaching;

/// <summary>
/// Makes descriptors of crops with the model in use. It waits behind the camera's pictures, as uploads do, and gives way between two
/// batches. Thread-safe.
/// </summary>
/// <param name="gate">The gate of the network, shared with all who run it.</param>
sealed class CropDescriber(ActiveModel models, PriorityGate gate)
{
    /// <summary>The number of crops in one run of the network.</summary>
    public const int BatchSize = 4;

    static readonly Region Whole = new(0, 0, 1, 1);

    /// <summary>Identifies what makes the descriptors of the model in use (<see cref="LoadedModel.DescriptorSource"/>), or null if no model can be used or it gives no descriptor.</summary>
    public string? Model
    {
        get
        {
            try
            {
                using ModelLease lease = models.Rent();
                return lease.Model.DescriptorSource;
            }
            catch (Exception problem) when (problem is ConfigurationException or ObjectDisposedException)
            {
                // The owner of the model reports that it is missing or damaged; examples only wait for one that works.
                return null;
            }
        }
    }

    /// <summary>The mean descriptor of the pictures that the model in use was made with.</summary>
    /// <exception cref="ConfigurationException">No model can be used, or it gives no descriptor.</exception>
    public ReadOnlyMemory<float> BaseMean
    {
        get
        {
            using ModelLease lease = models.Rent();
            Descriptor.Require(lease.Model);
            return lease.Model.DescriptorMean;
        }
    }

    /// <summary>Converts a crop to what the network sees: squashed to its square, as slots are.</summary>
    /// <exception cref="PictureException">The bytes are not a picture, or the picture is damaged.</exception>
    public byte[] Squash(ReadOnlyMemory<byte> crop, out PictureQuality quality)
    {
        using ModelLease lease = models.Rent();
        using Picture picture = PictureDecoder.Decode(crop);
        byte[] rgb = new byte[lease.Model.Preprocessor.CropLength];
        lease.Model.Preprocessor.CropRegion(picture, Whole, rgb);
        quality = PictureQuality.Of(rgb, lease.Model.Manifest.Input.Crop);
        return rgb;
    }

    /// <summary>Returns the descriptors of crops, and what identifies the maker of all of them (<see cref="LoadedModel.DescriptorSource"/>).</summary>
    /// <param name="crops">The crops, encoded.</param>
    /// <exception cref="PictureException">The bytes are not a picture, or the picture is damaged.</exception>
    /// <exception cref="ConfigurationException">No model can be used, or it gives no descriptor.</exception>
    /// <exception cref="NetworkException">The network failed.</exception>
    public async Task<(string Model, IReadOnlyList<CompactDescriptor> Descriptors)> DescribeAsync(IReadOnlyList<ReadOnlyMemory<byte>> crops, CancellationToken cancellationToken)
    {
        using ModelLease lease = models.Rent();
        LoadedModel model = lease.Model;
        Descriptor.Require(model);
        List<CompactDescriptor> made = [];
        int length = model.Preprocessor.CropLength;
        foreach (ReadOnlyMemory<byte>[] batch in crops.Chunk(BatchSize))
        {
            byte[] rgb = new byte[batch.Length * length];
            for (int at = 0; at < batch.Length; at++)
            {
                using Picture picture = PictureDecoder.Decode(batch[at]);
                model.Preprocessor.CropRegion(picture, Whole, rgb.AsSpan(at * length, length));
            }
            using PriorityGate.Holder turn = await gate.EnterAsync(cancellationToken);
            using var tensor = model.Preprocessor.ToTensor(rgb);
            NetworkAnswer answer = model.Network.Run(tensor);
            for (int at = 0; at < batch.Length; at++)
                made.Add(CompactDescriptor.Of(Descriptor.Of(answer.DescriptorOf(at))));
        }
        return (model.DescriptorSource!, made);
    }
}
