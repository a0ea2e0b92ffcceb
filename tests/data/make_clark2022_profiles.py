"""Prints clark2022_profiles.csv: profiles by grids, many starts and bracketing (scipy), without the program."""
import csv, os
import numpy as np
from scipy import optimize, stats
rows=[r for r in csv.DictReader(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'clark2022_routed_final_losses.csv'))) if r['seed']=='42' and r['k']=='1' and r['routing_frequency']=='0.5']
subs={}
for r in rows:
    if not r['loss_validation'] or r['router_type']=='Dense': continue
    subs.setdefault((r['router_type'],'num_experts',r['num_experts']),[]).append((float(r['dense_parameter_count']),float(r['loss_validation'])))
    subs.setdefault((r['router_type'],'dense_parameter_count',r['dense_parameter_count']),[]).append((float(r['num_experts']),float(r['loss_validation'])))
subs={k:sorted(v) for k,v in subs.items() if len(v)>=5}
O=dict(xtol=1e-14,ftol=1e-15,gtol=1e-14,max_nfev=400)
def inner(f,y,alpha,E=None):
    # min over log A (and E>=0) at fixed alpha: from several starts, plus E=0 exactly
    g=-alpha*f; best=np.inf
    if E is None:
        a=(y-g).mean(); best=((y-g-a)**2).sum()
        for s in (.05,.4,.75,.93):
            e0=s*np.exp(y.min()); a0=np.log(max(np.exp(y.mean())-e0,.02))
            r=optimize.least_squares(lambda p:y-np.log(p[0]+np.exp(p[1]+g)),[e0,a0],bounds=([0,-60],[50,60]),**O)
            best=min(best,2*r.cost)
    else:
        for a0 in (np.log(.05),np.log(.5),np.log(max(np.exp(y.mean())-E,.02))):
            r=optimize.least_squares(lambda p:y-np.log(E+np.exp(p[0]+g)),[a0],**O); best=min(best,2*r.cost)
    return best
def joint(f,y,E):  # min over alpha, A at fixed E: dense grid of alpha, then polish
    best=np.inf
    for al in (.02,.05,.1,.2,.35,.6,1.,2.):
        for s in (.1,1.):
            r=optimize.least_squares(lambda p:y-np.log(E+np.exp(np.clip(p[1]-p[0]*f,-700,700))),[al,np.log(s*max(np.exp(y.mean())-E,.02))],**O)
            best=min(best,2*r.cost)
    return best
def cross(P,lim,inside,outs):
    last=inside
    for t in outs:
        if P(t)>lim: return optimize.brentq(lambda u:P(u)-lim,last,t,xtol=1e-9)
        last=t
    return None
print('router,fixed,value,alpha,alpha_low,alpha_high,E_low,E_high')
for k,v in sorted(subs.items()):
    x=np.array([a for a,b in v]); y=np.log([b for a,b in v]); n=len(x); f=np.log(x); f=f-f.mean()
    P=lambda t:inner(f,y,t)
    g=np.concatenate([np.linspace(.005,.4,80),np.linspace(.42,3,40)]); pa=np.array([P(t) for t in g]); i=int(np.argmin(pa))
    r=optimize.minimize_scalar(P,bounds=(g[max(i-1,0)],g[min(i+1,len(g)-1)]),method='bounded',options=dict(xatol=1e-10))
    pw=-(f*y).sum()/(f*f).sum()   # pure power
    al,best=min([(r.x,r.fun),(g[i],pa[i]),(pw,P(pw))],key=lambda c:c[1])
    lim=best*(1+stats.t.ppf(.975,n-3)**2/(n-3))
    lo=cross(P,lim,al,[al-d for d in np.geomspace(1e-4,al+1,60)]); hi=cross(P,lim,al,[al+d for d in np.geomspace(1e-4,20-al,60)])
    # E: value at optimum
    Q=lambda e:joint(f,y,e)
    Es=np.linspace(0,np.exp(y.min())*.999,40); q=np.array([Q(e) for e in Es]); ok=np.where(q<=lim)[0]
    if len(ok)==0: print('#',k,'E grid misses',lim,q.min()); continue
    e0=Es[ok.min()]; el=0.0 if ok.min()==0 else optimize.brentq(lambda u:Q(u)-lim,Es[ok.min()-1],e0,xtol=1e-8)
    eh=cross(Q,lim,Es[ok.max()],list(Es[ok.max()+1:])+[np.exp(y.min())*s for s in (1.01,1.05,1.2,2)])
    s=lambda v:'inf' if v is None else f'{v:.7f}'
    print(','.join([k[0],k[1],k[2],s(al),s(lo),s(hi),s(el),s(eh)]),flush=True)
