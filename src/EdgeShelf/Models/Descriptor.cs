using System.Numerics.Tensors;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>
/// The descriptor of a picture: the square root of the last map's averages over a 2 x 2 grid. The map is what the average for the features is
/// taken over; with the grid, the descriptor also says where in the picture something is. The values stand in the order channel, row, column: the
/// four of a channel together, so that value (4 * channel + 2 * row + column) belongs to that channel's upper (row 0) left (column 0) quarter.
/// </summary>
static class Descriptor
{
    /// <summary>Rows and columns of the grid.</summary>
    public const int Grid = 2;

    /// <summary>
    /// Returns the descriptor: the square root of each value, 0 for negative ones. The square root lowers the weight of the few channels with large
    /// values (the Hellinger kernel; Arandjelovic and Zisserman 2012, "Three things everyone should know to improve object retrieval").
    /// </summary>
    /// <param name="pooled">The averages of one picture; see <see cref="NetworkAnswer.DescriptorOf"/>.</param>
    public static float[] Of(ReadOnlySpan<float> pooled)
    {
        float[] descriptor = new float[pooled.Length];
        TensorPrimitives.Max(pooled, 0, descriptor);
        TensorPrimitives.Sqrt(descriptor, descriptor);
        return descriptor;
    }

    /// <summary>Throws if the model returns no descriptor; answers for slots need one.</summary>
    /// <exception cref="ConfigurationException">The manifest does not name an output for the descriptor.</exception>
    public static void Require(LoadedModel model)
    {
        if (!model.HasDescriptor)
        {
            throw new ConfigurationException(
                $"{model.Manifest.Name} {model.Manifest.Version} gives no descriptor of a picture, and slots are told apart by it.",
                "Choose a model that this version made, or train yours again on one: `edgeshelf model train --base grocery-81`.");
        }
    }
}
