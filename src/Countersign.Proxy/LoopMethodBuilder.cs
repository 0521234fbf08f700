using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Countersign.Proxy;

/// <summary>
/// Builds the async methods of a connection. Their state lives in boxes that each loop thread keeps and uses again, however many
/// connections wait at once; the runtime's own pooling builder keeps one a thread and leaves the rest to the collector. For
/// methods that run on one loop from start to end: no execution context is captured and nothing is synchronised.
/// </summary>
public struct LoopMethodBuilder<TResult>
{
    private LoopBox<TResult>? _box;
    private TResult? _result;
    private Exception? _fault;

    public static LoopMethodBuilder<TResult> Create() => default;

    public readonly ValueTask<TResult> Task =>
        _box is { } box ? new ValueTask<TResult>(box, box.Version)
        : _fault is { } fault ? ValueTask.FromException<TResult>(fault)
        : new ValueTask<TResult>(_result!);

    /// <summary>The task without its result.</summary>
    internal readonly ValueTask TaskAlone =>
        _box is { } box ? new ValueTask(box, box.Version) : _fault is { } fault ? ValueTask.FromException(fault) : default;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) { }

    public void SetResult(TResult result)
    {
        if (_box is { } box)
        {
            box.SetResult(result);
        }
        else
        {
            _result = result;
        }
    }

    public void SetException(Exception exception)
    {
        if (_box is { } box)
        {
            box.SetException(exception);
        }
        else
        {
            _fault = exception;
        }
    }

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion where TStateMachine : IAsyncStateMachine =>
        awaiter.OnCompleted(LoopBox<TResult, TStateMachine>.Of(ref stateMachine, ref _box).MoveNext);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion where TStateMachine : IAsyncStateMachine =>
        awaiter.UnsafeOnCompleted(LoopBox<TResult, TStateMachine>.Of(ref stateMachine, ref _box).MoveNext);
}

/// <summary>The same for methods without a result.</summary>
public struct LoopMethodBuilder
{
    private LoopMethodBuilder<bool> _builder;

    public static LoopMethodBuilder Create() => default;

    public readonly ValueTask Task => _builder.TaskAlone;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) { }

    public void SetResult() => _builder.SetResult(true);

    public void SetException(Exception exception) => _builder.SetException(exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion where TStateMachine : IAsyncStateMachine =>
        _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion where TStateMachine : IAsyncStateMachine =>
        _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}

/// <summary>What an async method that had to wait is known by.</summary>
internal abstract class LoopBox<TResult> : IValueTaskSource<TResult>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<TResult> _core;

    public short Version => _core.Version;

    public void SetResult(TResult result) => _core.SetResult(result);

    public void SetException(Exception fault) => _core.SetException(fault);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Whoever awaits asks once; from then on the box belongs to the next method.</summary>
    public TResult GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            Keep();
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    protected abstract void Keep();
}

/// <summary>A box that holds one kind of method's state.</summary>
internal sealed class LoopBox<TResult, TStateMachine> : LoopBox<TResult> where TStateMachine : IAsyncStateMachine
{
    private const int MaximumKept = 4096;

    [ThreadStatic]
    private static Stack<LoopBox<TResult, TStateMachine>>? t_kept;

    private TStateMachine? _stateMachine;

    private LoopBox() => MoveNext = () => _stateMachine!.MoveNext();

    public Action MoveNext { get; }

    /// <summary>The box of a method that begins to wait: its own when it has waited before.</summary>
    public static LoopBox<TResult, TStateMachine> Of(ref TStateMachine stateMachine, ref LoopBox<TResult>? box)
    {
        if (box is LoopBox<TResult, TStateMachine> own)
        {
            return own;
        }
        var fresh = t_kept is { Count: > 0 } kept ? kept.Pop() : new LoopBox<TResult, TStateMachine>();
        // The builder inside the state machine must know the box before the copy is made.
        box = fresh;
        fresh._stateMachine = stateMachine;
        return fresh;
    }

    protected override void Keep()
    {
        _stateMachine = default;
        var kept = t_kept ??= new Stack<LoopBox<TResult, TStateMachine>>();
        if (kept.Count < MaximumKept)
        {
            kept.Push(this);
        }
    }
}
