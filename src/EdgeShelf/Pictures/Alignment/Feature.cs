using System.Numerics;

namespace EdgeShelf.Pictures.Alignment;

/// <summary>A corner of a picture and 256 comparisons of brightness around it (ORB: Rublee et al. 2011).</summary>
/// <param name="X">The position in pixels of the picture, the centre of the first pixel being 0.</param>
/// <param name="Y">The position in pixels of the picture.</param>
readonly record struct Feature(double X, double Y, ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>The number of comparisons that differ, 0 to 256.</summary>
    public int DistanceTo(in Feature other) =>
        BitOperations.PopCount(A ^ other.A) + BitOperations.PopCount(B ^ other.B) + BitOperations.PopCount(C ^ other.C) + BitOperations.PopCount(D ^ other.D);
}
