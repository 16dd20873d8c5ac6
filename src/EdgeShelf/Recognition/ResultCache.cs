using System.Diagnostics.CodeAnalysis;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition;

/// <summary>
/// A cache of results: a picture with the same bytes, or a camera frame that looks like the last one, needs no second inference. When
/// the cache is full, the least recently used picture is removed first. All members are thread-safe.
/// </summary>
/// <param name="capacity">The maximum number of pictures. 0 turns the cache off.</param>
/// <param name="maxDifference">
/// The maximum difference at which two frames count as unchanged, in levels of 255; see <see cref="FrameSignature"/>. With 0 only the same
/// bytes count as unchanged.
/// </param>
sealed class ResultCache(int capacity, double maxDifference)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, LinkedListNode<(string Sha256, ShelfResult Result)>> _byHash = [];
    readonly LinkedList<(string Sha256, ShelfResult Result)> _newestFirst = [];
    (FrameSignature Signature, ShelfResult Result)? _lastFrame;

    /// <summary>Finds the result of a picture with exactly these bytes.</summary>
    public bool TryFind(string sha256, [NotNullWhen(true)] out ShelfResult? result)
    {
        lock (_lock)
        {
            if (!_byHash.TryGetValue(sha256, out LinkedListNode<(string Sha256, ShelfResult Result)>? node))
            {
                result = null;
                return false;
            }
            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            result = node.Value.Result;
            return true;
        }
    }

    /// <summary>
    /// Finds the result of the camera's last classified frame if this frame looks the same. Frames are never compared with a frame that was
    /// itself answered from the cache, so a slow drift adds up and is noticed.
    /// </summary>
    public bool TryFindUnchanged(FrameSignature signature, [NotNullWhen(true)] out ShelfResult? result)
    {
        lock (_lock)
        {
            result = _lastFrame is { } last && last.Signature.DifferenceTo(signature) <= maxDifference ? last.Result : null;
            return result is not null;
        }
    }

    /// <summary>Whether frames are compared.</summary>
    public bool ComparesFrames => capacity > 0 && maxDifference > 0;

    public bool IsOn => capacity > 0;

    public void Add(ShelfResult result)
    {
        lock (_lock)
        {
            if (capacity == 0 || _byHash.ContainsKey(result.Image.Sha256))
                return;
            _byHash[result.Image.Sha256] = _newestFirst.AddFirst((result.Image.Sha256, result));
            if (_byHash.Count > capacity)
            {
                _byHash.Remove(_newestFirst.Last!.Value.Sha256);
                _newestFirst.RemoveLast();
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _byHash.Clear();
            _newestFirst.Clear();
            _lastFrame = null;
        }
    }

    /// <summary>The frame with which the next frames are compared.</summary>
    public void SetLastFrame(FrameSignature signature, ShelfResult result)
    {
        lock (_lock)
            _lastFrame = (signature, result);
    }
}
