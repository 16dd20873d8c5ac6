using System.Diagnostics.CodeAnalysis;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition;

/// <summary>
/// Results of frequent pictures: the same bytes, or a camera's frame that looks as the last one did, need no second inference.
/// Bounded; the picture that was asked for longest ago goes first. Safe from any thread.
/// </summary>
/// <param name="capacity">Pictures; 0 turns the cache off.</param>
/// <param name="maxDifference">
/// How far two frames may differ and still count as unchanged, in levels of 255: see <see cref="FrameSignature"/>. 0: only the same bytes do.
/// </param>
sealed class ResultCache(int capacity, double maxDifference)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, LinkedListNode<(string Sha256, ShelfResult Result)>> _byHash = [];
    readonly LinkedList<(string Sha256, ShelfResult Result)> _newestFirst = [];
    (FrameSignature Signature, ShelfResult Result)? _lastFrame;

    /// <summary>A picture of exactly these bytes.</summary>
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

    /// <summary>The camera's last classified frame, where this one looks the same. A slow drift adds up: frames are never compared with a frame that was itself answered from here.</summary>
    public bool TryFindUnchanged(FrameSignature signature, [NotNullWhen(true)] out ShelfResult? result)
    {
        lock (_lock)
        {
            result = _lastFrame is { } last && last.Signature.DifferenceTo(signature) <= maxDifference ? last.Result : null;
            return result is not null;
        }
    }

    /// <summary>Whether frames are compared at all.</summary>
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

    /// <summary>The frame that the next ones are compared with.</summary>
    public void SetLastFrame(FrameSignature signature, ShelfResult result)
    {
        lock (_lock)
            _lastFrame = (signature, result);
    }
}
